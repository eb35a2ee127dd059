"""Add to GROUP BY what its keys determine: `SELECT t.id, t.name … GROUP BY t.id`.

PostgreSQL lets a SELECT show any column of a table whose primary key it groups by. As keys of
their own these columns make the same groups.
https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-GROUP
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from penstock_ivm.expressions import render, strip
from penstock_ivm.passes.correlation import free_columns


def with_dependent_keys(
    query: exp.Expr,
    key_of: Callable[[exp.Table], tuple[str, ...]],
    is_call: Callable[[exp.Expr], bool],
) -> exp.Expr:
    """Return the SELECT with the columns in GROUP BY that it shows; any other query as it is.

    key_of: the primary key of a table, empty for none. is_call: whether a node is an aggregate.
    """
    group = query.args.get("group") if isinstance(query, exp.Select) else None
    if group is None:
        return query
    keys = {render(strip(node)): strip(node) for node in group.expressions}
    plain = {(k.table, k.name) for k in keys.values() if isinstance(k, exp.Column)}
    whole = {
        table.alias_or_name
        for table in _tables(query)
        if key_of(table) and {(table.alias_or_name, name) for name in key_of(table)} <= plain
    }
    if not whole:
        return query
    added: dict[str, exp.Expr] = {}
    for part in _parts(query):
        for found in _shown(part, keys, is_call):
            if found.table in whole:
                added[render(found)] = found.copy()
    if not added:
        return query
    query = query.copy()
    query.args["group"].set("expressions", [*query.args["group"].expressions, *added.values()])
    return query


def _tables(select: exp.Expr) -> Iterator[exp.Table]:
    """The tables in FROM, not those in subqueries of it."""
    start = select.args.get("from_")
    todo = [start.this] if start is not None else []
    todo += [join.this for join in select.args.get("joins") or []]
    while todo:
        item = todo.pop()
        todo += [join.this for join in item.args.get("joins") or []]
        if isinstance(item, exp.Table):
            yield item
        elif isinstance(item, (exp.Subquery, exp.Paren)) and not item.alias:
            todo.append(item.this)


def _parts(select: exp.Expr) -> Iterator[exp.Expr]:
    yield from select.args["expressions"]
    for clause in ("having", "order", "distinct"):
        part = select.args.get(clause)
        if part is not None:
            yield part


def _shown(
    node: exp.Expr, keys: dict[str, exp.Expr], is_call: Callable[[exp.Expr], bool]
) -> Iterator[exp.Column]:
    """The columns that stand outside of keys and aggregates."""
    bare = strip(node)
    subject = strip(bare.this) if isinstance(bare, exp.Filter) else bare
    if render(bare) in keys or is_call(subject):
        return
    if isinstance(bare, (exp.Select, exp.SetOperation)):
        yield from (c for c in free_columns(bare) if render(c) not in keys)
        return
    if isinstance(bare, exp.Column):
        yield bare
        return
    # A window function is no aggregate of the groups; its arguments may hold some.
    window = bare.this if isinstance(bare, exp.Window) else None
    for child in bare.iter_expressions():
        inner = child.iter_expressions() if child is window else [child]
        for part in inner:
            yield from _shown(part, keys, is_call)
