"""What the compiler knows of relations: columns, keys, multiplicity, level in the DAG."""

from __future__ import annotations

from dataclasses import dataclass, field

from penstock_ivm.names import fit
from penstock_ivm.session import ident, qualified

STATE = "penstock_state"
# A state table that holds a bag keeps one row per distinct row, and how often it occurs.
WEIGHT = "__n"

# Types whose equality means "looks the same": grouping by them loses nothing a reader can see.
_FAITHFUL = frozenset(
    [
        "smallint",
        "integer",
        "bigint",
        "boolean",
        "text",
        "uuid",
        "date",
        "bytea",
        "oid",
        "char",
        "timestamp_without_time_zone",
        "timestamp_with_time_zone",
    ]
)
_EXACT_SUM = frozenset({"smallint", "integer", "bigint", "numeric"})
_BUILTIN_PREFIX = "pg_catalog"


@dataclass(frozen=True)
class Column:
    """A column: its type as format_type() writes it, with search_path pg_catalog."""

    name: str
    type: str
    not_null: bool = False
    deterministic: bool = True
    """False for a nondeterministic collation: equal texts may differ."""
    collation: str | None = None
    """The quoted name of a collation that is not the type's own."""

    @property
    def base_type(self) -> str:
        """The type without its modifier: numeric(10,2) is numeric."""
        return self.type.split("(")[0] if not self.type.endswith("[]") else self.type

    @property
    def is_faithful(self) -> bool:
        """Whether two equal values always look the same."""
        name = self.type.split("(")[0].strip()
        if self.type.startswith("timestamp"):
            return True
        if name in {"character varying", "text"}:
            return self.deterministic and not self.type.endswith("[]")
        return self.type.replace(" ", "_") in _FAITHFUL

    @property
    def is_builtin(self) -> bool:
        """Whether `=` and `<` are found with search_path pg_catalog."""
        return "." not in self.type

    @property
    def any_of(self) -> str:
        """SQL that picks one of several values that look the same.

        array_agg() of arrays makes one array of more dimensions, so arrays go through text.
        """
        name = ident(self.name)
        if self.type.endswith("[]"):
            return f'min({name}::text collate "C")::{self.type}'
        return f"(array_agg({name}))[1]"

    @property
    def sums_exactly(self) -> bool:
        """Whether adding and retracting in any order gives the same sum."""
        return self.base_type in _EXACT_SUM


@dataclass(frozen=True)
class Table:
    """A physical table that a query reads: a base table or a state table."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """Columns, none of them null, whose values name a row; empty when there are none."""
    oid: int = 0
    level: int = 0
    """0 for a base table; a state table stands one above the highest table it reads."""
    append_only: bool = False
    indexes: tuple[tuple[str, ...], ...] = ()
    is_built: bool = field(default=True, compare=False)
    """False for a state table that is still a plan."""

    @property
    def is_state(self) -> bool:
        """Whether maintenance, not users, writes the table."""
        return self.schema == STATE

    @property
    def sql(self) -> str:
        """The quoted, qualified name."""
        return qualified(self.schema, self.name)

    @property
    def stand_in(self) -> str:
        """A SELECT of no rows with the table's columns, for a table that is not built yet."""
        listed = ", ".join(
            f"null::{c.type}{f' collate {c.collation}' if c.collation else ''} as {ident(c.name)}"
            for c in self.columns
        )
        return f"select {listed} where false"

    @property
    def weight(self) -> str | None:
        """The column that counts how often a row occurs, if there is one."""
        return WEIGHT if self.is_state and self.has(WEIGHT) else None

    @property
    def has_set_key(self) -> bool:
        """Whether a key of columns that are never null names each row."""
        return bool(self.key) and all(self.column(name).not_null for name in self.key)

    def has(self, name: str) -> bool:
        """Whether the table has the column."""
        return any(column.name == name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def held_names(table: Table) -> tuple[str, str]:
    """The tables that hold (inserted, deleted) rows of a base table, qualified."""
    stem = f"{table.schema}__{table.name}"
    return (
        qualified(STATE, fit(f"held_new__{stem}")),
        qualified(STATE, fit(f"held_old__{stem}")),
    )
