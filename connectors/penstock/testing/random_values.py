"""The values that random rows of a story's tables are made of.

Values come from few: those that the story itself uses, and some that are often forgotten
(NULL, the empty string, NaN), so that joins meet, groups fill and keys collide. Of values that
are equal and look different (1.0 and 1.00) only one is used: which of the two a SELECT shows
for a group is the server's choice.
"""

from dataclasses import dataclass, field

import psycopg
from hypothesis import strategies as st
from psycopg import sql

from penstock.testing.stories import Story
from penstock.testing.telling import take

VALUES_A_COLUMN = 5
DEFAULTS = {
    "integer": ["1", "2", "0"],
    "bigint": ["1", "2"],
    "smallint": ["1", "2"],
    "numeric": ["1", "2.50", "-0.125", "NaN"],
    "double precision": ["0.5", "-2", "NaN"],
    "real": ["0.5", "-2"],
    "text": ["a", "", "b"],
    "boolean": ["true", "false"],
    "jsonb": ['{"k": 1}', "[]"],
    "date": ["2026-01-01", "2026-01-02"],
    "timestamp with time zone": ["2026-01-01 00:00:00+00", "2026-01-02 00:00:00+00"],
    "timestamp without time zone": ["2026-01-01 00:00:00", "2026-01-02 00:00:00"],
}


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """A column that may be written: its name, type, whether it takes NULL, and its values."""

    name: str
    type: str
    nullable: bool
    values: tuple[str, ...]

    def literals(self) -> st.SearchStrategy[str]:
        """Give one of its values, as SQL."""
        texts = [f"{_quoted(value)}::{self.type}" for value in self.values]
        null = f"null::{self.type}"
        return st.sampled_from([*texts, null] if self.nullable or not texts else texts)


@dataclass(frozen=True, slots=True)
class TableOf:
    """A base table: quoted name, columns, the columns of its key, whether it only grows."""

    name: str
    columns: tuple[ColumnOf, ...]
    key: tuple[str, ...] = ()
    append_only: bool = False


@dataclass(slots=True)
class _Seen:
    """Values by column; of equal ones the first, by type."""

    texts: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def tables_of(connection: psycopg.Connection, story: Story) -> list[TableOf]:
    """Describe the story's base tables, with the values that its steps put there.

    Tells the story in a transaction that is rolled back.
    """
    described = _described(connection, story)
    seen = _Seen()
    with connection.transaction(force_rollback=True):
        for step in story.steps:
            take(connection, step)
            for table, columns in described.items():
                for name, *_ in columns:
                    found = connection.execute(
                        f"select distinct {ident(name)}::text from {table} limit 8".encode()  # noqa: S608
                    )
                    values = seen.texts.setdefault((table, name), [])
                    values += [v for (v,) in found if v is not None and v not in values]
    tables = []
    for table, columns in described.items():
        keys, own = _keys(connection, table), []
        for name, kind, nullable in columns:
            values = seen.texts.get((table, name), [])[: VALUES_A_COLUMN - 1]
            distinct = _unequal(connection, kind, [*values, *DEFAULTS.get(kind, [])])
            own.append(ColumnOf(name, kind, nullable, tuple(distinct[:VALUES_A_COLUMN])))
        is_growing = table.strip('"') in story.append_only
        tables.append(TableOf(table, tuple(own), keys, is_growing))
    return _agreeing(connection, tables)


def _described(
    connection: psycopg.Connection, story: Story
) -> dict[str, list[tuple[str, str, bool]]]:
    """Writable columns by table of schema public."""
    rows = connection.execute(
        """
        select c.oid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod),
            not a.attnotnull
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
        order by c.oid, a.attnum
        """
    ).fetchall()
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for table, name, kind, nullable in rows:
        found.setdefault(table, []).append((name, kind, nullable))
    if not found:
        raise ValueError(f"the story {story.title!r} has no tables in schema public")
    return found


def _keys(connection: psycopg.Connection, table: str) -> tuple[str, ...]:
    """The columns of the primary key that ON CONFLICT can name."""
    rows = connection.execute(
        """
        select a.attname from pg_index as i
        join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
        where i.indrelid = %s::regclass and i.indisprimary and i.indimmediate
        """,
        (table,),
    ).fetchall()
    return tuple(name for (name,) in rows)


def _unequal(connection: psycopg.Connection, kind: str, values: list[str]) -> list[str]:
    """Leave out values that equal an earlier one, or that the type does not take."""
    kept: list[str] = []
    for value in values:
        try:
            with connection.transaction():
                row = connection.execute(
                    f"select %s::{kind} = any (%s::text[]::{kind}[])".encode(), (value, kept)
                ).fetchone()
        except psycopg.Error:
            continue
        if row is not None and row[0] is not True:
            kept.append(value)
    return kept


def _agreeing(connection: psycopg.Connection, tables: list[TableOf]) -> list[TableOf]:
    """Use one spelling of equal values in all columns of a type."""
    spelled: dict[str, list[str]] = {}
    result = []
    for table in tables:
        columns = []
        for column in table.columns:
            kind = column.type.split("(")[0]
            known = spelled.setdefault(kind, [])
            fresh = [v for v in column.values if v in known]
            for value in column.values:
                if value not in known and len(_unequal(connection, kind, [*known, value])) > len(
                    known
                ):
                    known.append(value)
                    fresh.append(value)
            columns.append(ColumnOf(column.name, column.type, column.nullable, tuple(fresh)))
        result.append(TableOf(table.name, tuple(columns), table.key, table.append_only))
    return result


def names_of(tables: list[TableOf]) -> str:
    """List the tables, for one TRUNCATE."""
    return ", ".join(table.name for table in tables)


def ident(name: str) -> str:
    """Quote a name."""
    return sql.Identifier(name).as_string(None)


def _quoted(value: str) -> str:
    return sql.Literal(value).as_string(None)
