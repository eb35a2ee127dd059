"""Random tables and random values for them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

# Types by the name that a query of the fuzzer knows them by, and the values that rows get: few,
# so that keys meet, and among them those that look alike, or that equal nothing.
TYPES = {
    "int": "integer",
    "big": "bigint",
    "num": "numeric",
    "dec": "numeric(10,2)",
    "text": "text",
    "bool": "boolean",
    "at": "timestamp with time zone",
    "ints": "integer[]",
    "doc": "jsonb",
}
VALUES = {
    "int": ["0", "1", "2", "3", "-1", "7", "2147483647", "-2147483648"],
    "big": ["0", "1", "2", "40", "-9223372036854775808"],
    "num": ["0", "1.0", "1.00", "2.5", "-3", "'NaN'", "1e20", "'Infinity'"],
    "dec": ["0", "1", "1.50", "-2.25", "99999999.99"],
    "text": ["''", "'a'", "'b'", "'B'", "'ä'", "' '", "'it''s'"],
    "bool": ["true", "false"],
    "at": [
        "'2026-01-01 00:00Z'",
        "'2026-01-02 12:00Z'",
        "'2026-06-01 00:00Z'",
        "'infinity'",
        "'1999-12-31Z'",
    ],
    "ints": ["'{}'", "'{1}'", "'{1,2,2}'", "'{3,NULL}'", "'{0,7}'"],
    "doc": ["'{}'", "'[]'", "'[1, 2]'", "'[\"a\", null]'", "'{\"k\": 1.0}'", "'null'", "'3'"],
}


@dataclass(frozen=True)
class Column:
    """A column of something a query reads; kind: a key of TYPES."""

    name: str
    kind: str


@dataclass(frozen=True)
class Relation:
    """A table or a view; key: its primary key's column, or None."""

    name: str
    columns: tuple[Column, ...]
    key: str | None = None


def random_tables(rng: Random) -> list[Relation]:
    """Make two to four tables; every one has a small integer that the others have too."""
    tables = []
    for number in range(rng.randint(2, 4)):
        kinds = ["int", *rng.choices(list(TYPES), k=rng.randint(1, 4))]
        columns = [Column(f"c{i}", kind) for i, kind in enumerate(kinds, 1)]
        key = "id" if rng.random() < 0.7 else None
        if key:
            columns.insert(0, Column(key, "int"))
        tables.append(Relation(f"t{number}", tuple(columns), key))
    return tables


def create_sql(table: Relation) -> str:
    """CREATE TABLE."""
    listed = ", ".join(
        f"{c.name} {TYPES[c.kind]}{' primary key' if c.name == table.key else ''}"
        for c in table.columns
    )
    return f"create table {table.name} ({listed});"


def value(rng: Random, kind: str) -> str:
    """A value as a literal, now and then NULL."""
    if rng.random() < 0.12:
        return f"null::{TYPES[kind]}"
    # The extremes stand last, and are rare.
    values = VALUES[kind]
    weights = [4] * len(values)
    weights[-1] = 1
    return f"({rng.choices(values, weights)[0]})::{TYPES[kind]}"


def row(rng: Random, table: Relation, keys: int = 24) -> str:
    """A row as VALUES has it; the key is one of `keys`."""
    parts = [
        str(rng.randrange(keys)) if c.name == table.key else value(rng, c.kind)
        for c in table.columns
    ]
    return f"({', '.join(parts)})"
