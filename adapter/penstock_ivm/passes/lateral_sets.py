"""Set-returning functions among a SELECT's outputs as an item of FROM.

    select id, unnest(a) + 1 as x, generate_series(1, n) as g from t
    select id, s.c1 as x, s.c2 as g from t cross join lateral (select unnest(a) + 1 as c1, …) as s

PostgreSQL gives one row a call until the last of them is exhausted, the others NULL by then;
a subquery that reads no table does the same for each row. Those in GROUP BY are called before
the rows are grouped, the others after: what they read of groups is then computed in a
subquery of its own.
https://www.postgresql.org/docs/current/xfunc-sql.html#XFUNC-SQL-FUNCTIONS-RETURNING-SET
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from penstock_ivm.expressions import column, function_name, reads_table, render, strip
from penstock_ivm.passes.correlation import own_nodes

_SET = "__set"
_GROUPED = "__grouped"


def sets_to_lateral(
    query: exp.Expr, sets: frozenset[str], is_call: Callable[[exp.Expr], bool]
) -> exp.Expr:
    """Return the query with every SELECT's sets in its FROM; itself where it has none.

    sets: the names of the functions that return sets. is_call: whether a node is an aggregate.
    """
    if not sets:
        return query
    query = query.copy()
    for select in reversed(list(query.find_all(exp.Select))):
        # A subquery that reads no table is PostgreSQL's to evaluate.
        if reads_table(select) and any(_has_set(node, sets) for node in _outputs(select)):
            moved = _moved(select.copy(), sets, is_call)
            if select is query:
                query = moved
            else:
                select.replace(moved)
    return query


def _moved(
    select: exp.Select, sets: frozenset[str], is_call: Callable[[exp.Expr], bool]
) -> exp.Select:
    group = select.args.get("group")
    keys = [n for n in (group.expressions if group else []) if _has_set(n, sets)]
    if keys:
        _join(select, keys, "before")
    if not any(_has_set(node, sets) for node in _outputs(select)):
        return select
    if group is not None or select.args.get("having") or _aggregates(select, is_call):
        select = _over_groups(select, sets)
    _join(select, [node for node in _outputs(select) if _has_set(node, sets)], "after")
    return select


def is_set_call(node: exp.Expr, sets: frozenset[str]) -> bool:
    """Whether the node calls a function that returns a set."""
    return isinstance(node, exp.Func) and function_name(node) in sets


def _outputs(select: exp.Select) -> list[exp.Expr]:
    """What is computed for each row of the result: outputs, keys of DISTINCT ON and ORDER BY."""
    found = [part.unalias() for part in select.selects]
    distinct, order = select.args.get("distinct"), select.args.get("order")
    on = distinct.args.get("on") if distinct is not None else None
    if on is not None:
        found += on.expressions if isinstance(on, exp.Tuple) else [on]
    found += [part.this for part in order.expressions] if order is not None else []
    return found


def _has_set(node: exp.Expr, sets: frozenset[str]) -> bool:
    return any(is_set_call(part, sets) for part in own_nodes(node))


def _aggregates(select: exp.Select, is_call: Callable[[exp.Expr], bool]) -> bool:
    return any(
        isinstance(part, exp.Window) or is_call(part)
        for node in select.selects
        for part in own_nodes(node)
    )


def _join(select: exp.Select, nodes: list[exp.Expr], stem: str) -> None:
    """Put expressions into FROM, and columns in their place, wherever they stand."""
    alias = f"{_SET}_{stem}"
    names: dict[str, str] = {}
    for node in nodes:
        names.setdefault(render(strip(node)), f"c{len(names) + 1}")
    computed = exp.Select(
        expressions=[
            exp.alias_(node.copy(), name, quoted=True)
            for text, name in names.items()
            for node in [next(n for n in nodes if render(strip(n)) == text)]
        ]
    )

    def exchange(part: exp.Expr) -> exp.Expr:
        name = names.get(render(strip(part))) if not isinstance(part, exp.Alias) else None
        return part if name is None else column(alias, name)

    for clause in ("group", "having", "distinct", "order"):
        if select.args.get(clause):
            select.set(clause, select.args[clause].transform(exchange))
    select.set("expressions", [_shown(part).transform(exchange) for part in select.selects])
    lateral = exp.Lateral(
        this=exp.Subquery(this=computed),
        alias=exp.TableAlias(
            this=exp.to_identifier(alias, quoted=True),
            columns=[exp.to_identifier(name, quoted=True) for name in names.values()],
        ),
    )
    if select.args.get("from_") is None:
        select.set("from_", exp.From(this=lateral))
    else:
        select.append("joins", exp.Join(this=lateral, kind="CROSS"))


def _shown(part: exp.Expr) -> exp.Expr:
    """The output under the name that it has."""
    if isinstance(part, (exp.Alias, exp.Column)) or not part.alias_or_name:
        return part
    return exp.alias_(part, part.alias_or_name, quoted=True)


def _over_groups(select: exp.Select, sets: frozenset[str]) -> exp.Select:
    """Compute what has no set in it in a subquery, and the rest over its rows."""
    inner: dict[str, tuple[str, exp.Expr]] = {}

    def above(node: exp.Expr) -> exp.Expr:
        if not _has_set(node, sets):
            if not node.find(exp.Column, exp.AggFunc, exp.Anonymous):
                return node.copy()
            name, _ = inner.setdefault(render(strip(node)), (f"c{len(inner) + 1}", strip(node)))
            return column(_GROUPED, name)
        copy = node.copy()
        for key, value in node.args.items():
            if isinstance(value, exp.Expr) and not isinstance(value, exp.Identifier):
                copy.set(key, above(value))
            elif isinstance(value, list):
                copy.set(key, [above(v) if isinstance(v, exp.Expr) else v for v in value])
        return copy

    outer = exp.Select()
    shown = [
        exp.alias_(above(part.unalias()), part.alias_or_name, quoted=True)
        for part in select.selects
    ]
    outer.set("expressions", shown)
    order, distinct = select.args.get("order"), select.args.get("distinct")
    if order is not None:
        ordered = [part.copy() for part in order.expressions]
        for part in ordered:
            part.set("this", above(part.this))
        outer.set("order", exp.Order(expressions=ordered))
    if distinct is not None:
        on = distinct.args.get("on")
        keys = on.expressions if isinstance(on, exp.Tuple) else [on] if on is not None else []
        listed = exp.Tuple(expressions=[above(key) for key in keys]) if keys else None
        outer.set("distinct", exp.Distinct(on=listed))
    for clause in ("limit", "offset", "fetch"):
        outer.set(clause, select.args.get(clause))
        select.set(clause, None)
    select.set("order", None)
    select.set("distinct", None)
    select.set(
        "expressions", [exp.alias_(node.copy(), n, quoted=True) for n, node in inner.values()]
    )
    alias = exp.TableAlias(this=exp.to_identifier(_GROUPED, quoted=True))
    outer.set("from_", exp.From(this=exp.Subquery(this=select, alias=alias)))
    return outer
