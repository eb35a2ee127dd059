"""Random rows and random DML over a story's tables, for Hypothesis.

Values come from few: those that the story itself uses, and some that are often forgotten
(NULL, the empty string, NaN), so that joins meet, groups fill and keys collide. Of values that
are equal and look different (1.0 and 1.00) only one is used: which of the two a SELECT shows
for a group is the server's choice.
"""

from collections.abc import Iterable
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
                        f"select distinct {_ident(name)}::text from {table} limit 8".encode()
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


def transactions(
    tables: list[TableOf], *, server_version: int
) -> st.SearchStrategy[list[list[str]]]:
    """Give transactions, each a list of statements."""
    statement = st.one_of(
        *[changes(table, server_version) for table in tables],
        *([_several_tables(tables)] if len(tables) > 1 else [_twice(tables[0])]),
        *([_truncates(tables)] if not any(t.append_only for t in tables) else []),
    )
    with_savepoint = st.builds(
        lambda before, undone, after: [
            *before, "savepoint one", *undone, "rollback to savepoint one", *after
        ],
        st.lists(statement, max_size=1),
        st.lists(statement, min_size=1, max_size=2),
        st.lists(statement, max_size=1),
    )  # fmt: skip
    several = st.lists(statement, min_size=1, max_size=3)
    first = _filled(tables)
    rest = st.lists(st.one_of(several, several, with_savepoint), min_size=1, max_size=5)
    return st.builds(lambda one, others: [one, *others], first, rest)


def _filled(tables: list[TableOf]) -> st.SearchStrategy[list[str]]:
    """Rows for every table, to begin with."""
    return st.tuples(*[_insert(table, most=4) for table in tables]).map(list)


def changes(table: TableOf, server_version: int = 0) -> st.SearchStrategy[str]:
    """Give one statement that changes one table."""
    if table.append_only:
        return _insert(table)
    kinds = [_insert(table), _update(table), _delete(table), _again(table)]
    if table.key and len(table.key) < len(table.columns):
        kinds.append(_upsert(table))
        if server_version >= 150_000:
            kinds.append(_merge(table))
    return st.one_of(*kinds)


def _insert(table: TableOf, most: int = 3) -> st.SearchStrategy[str]:
    names = ", ".join(_ident(column.name) for column in table.columns)
    return _rows(table, most).map(lambda rows: f"insert into {table.name} ({names}) values {rows}")


def _rows(table: TableOf, most: int = 3) -> st.SearchStrategy[str]:
    row = st.tuples(*[column.literals() for column in table.columns]).map(
        lambda values: f"({', '.join(values)})"
    )
    return st.lists(row, min_size=1, max_size=most).map(", ".join)


def _again(table: TableOf) -> st.SearchStrategy[str]:
    """Insert rows that are there once more, which a key forbids."""
    if table.key:
        return _update(table)
    names = ", ".join(_ident(column.name) for column in table.columns)
    text = f"insert into {table.name} ({names}) select {names} from {table.name}"
    # Few: a self join of a hundred copies has a million rows.
    return _where(table).map(lambda where: f"{text}{where} limit 2")


def _update(table: TableOf) -> st.SearchStrategy[str]:
    assignment = st.one_of(
        *[
            column.literals().map(lambda value, name=column.name: f"{_ident(name)} = {value}")
            for column in table.columns
        ]
    )
    unique = st.lists(
        assignment, min_size=1, max_size=2, unique_by=lambda text: text.split(" = ")[0]
    )
    return st.builds(
        lambda texts, where: f"update {table.name} set {', '.join(texts)}{where}",
        unique,
        _where(table),
    )


def _delete(table: TableOf) -> st.SearchStrategy[str]:
    return _where(table).map(lambda where: f"delete from {table.name}{where}")


def _upsert(table: TableOf) -> st.SearchStrategy[str]:
    others = [column.name for column in table.columns if column.name not in table.key]
    key = ", ".join(map(_ident, table.key))
    setting = st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True).map(
        lambda names: ", ".join(f"{_ident(name)} = excluded.{_ident(name)}" for name in names)
    )
    return st.builds(
        lambda insert, assigned: f"{insert} on conflict ({key}) do update set {assigned}",
        _insert(table),
        setting,
    )


def _merge(table: TableOf) -> st.SearchStrategy[str]:
    names = [_ident(column.name) for column in table.columns]
    others = [_ident(column.name) for column in table.columns if column.name not in table.key]
    on = " and ".join(f"t.{_ident(name)} = s.{_ident(name)}" for name in table.key)
    return st.builds(
        lambda rows, gone: (
            f"merge into {table.name} as t using (values {rows}) as s ({', '.join(names)}) on {on}"
            f" when matched and {gone} then delete"
            f" when matched then update set {others[0]} = s.{others[0]}"
            f" when not matched then insert ({', '.join(names)})"
            f" values ({', '.join(f's.{name}' for name in names)})"
        ),
        _rows(table),
        st.sampled_from(["false", "true", f"s.{others[-1]} is null"]),
    )


def _where(table: TableOf) -> st.SearchStrategy[str]:
    comparable = [column for column in table.columns if column.type != "json"]
    one = st.one_of(
        *[
            column.literals().map(
                lambda value, name=column.name: f" where {_ident(name)} is not distinct from {value}"
            )
            for column in comparable
        ]
    )
    # One of several copies: only its place tells it from the others.
    copy = one.map(
        lambda where: f" where ctid = (select min(ctid::text)::tid from {table.name}{where})"
    )
    return st.one_of(one, one, copy, st.just(""))


def _several_tables(tables: list[TableOf]) -> st.SearchStrategy[str]:
    """One statement that changes two or three tables, or one of them twice."""

    def written(parts: list[str]) -> str:
        *first, last = parts
        named = [f"part_{n} as ({part} returning 1)" for n, part in enumerate(first)]
        return f"with {', '.join(named)} {last}"

    # MERGE stands in a WITH from PostgreSQL 17 on only.
    part = st.sampled_from(tables).flatmap(changes)
    return st.lists(part, min_size=2, max_size=3).map(written)


def _twice(table: TableOf) -> st.SearchStrategy[str]:
    return st.builds(
        lambda one, two: f"with part as ({one} returning 1) {two}", changes(table), changes(table)
    )


def _truncates(tables: list[TableOf]) -> st.SearchStrategy[str]:
    chosen = st.lists(st.sampled_from([table.name for table in tables]), min_size=1, unique=True)
    return chosen.map(lambda names: f"truncate {', '.join(names)} cascade")


def _ident(name: str) -> str:
    return sql.Identifier(name).as_string(None)


def _quoted(value: str) -> str:
    return sql.Literal(value).as_string(None)


def names_of(tables: Iterable[TableOf]) -> str:
    """List the tables, for one TRUNCATE."""
    return ", ".join(table.name for table in tables)
