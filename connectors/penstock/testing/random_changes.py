"""Random DML over a story's tables, as SQL text, for Hypothesis."""
# ruff: noqa: S608 - writing SQL is what this is for

from functools import partial

from hypothesis import strategies as st

from penstock.testing.random_values import TableOf, ident


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
    names = ", ".join(ident(column.name) for column in table.columns)
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
    names = ", ".join(ident(column.name) for column in table.columns)
    text = f"insert into {table.name} ({names}) select {names} from {table.name}"
    # Few: a self join of a hundred copies has a million rows.
    return _where(table).map(lambda where: f"{text}{where} limit 2")


def _update(table: TableOf) -> st.SearchStrategy[str]:
    assignment = st.one_of(
        *[
            column.literals().map(partial("{} = {}".format, ident(column.name)))
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
    key = ", ".join(map(ident, table.key))
    setting = st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True).map(
        lambda names: ", ".join(f"{ident(name)} = excluded.{ident(name)}" for name in names)
    )
    return st.builds(
        lambda insert, assigned: f"{insert} on conflict ({key}) do update set {assigned}",
        _insert(table),
        setting,
    )


def _merge(table: TableOf) -> st.SearchStrategy[str]:
    names = [ident(column.name) for column in table.columns]
    others = [ident(column.name) for column in table.columns if column.name not in table.key]
    on = " and ".join(f"t.{ident(name)} = s.{ident(name)}" for name in table.key)
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
                partial(" where {} is not distinct from {}".format, ident(column.name))
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
