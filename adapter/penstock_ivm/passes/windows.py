"""Set window functions apart: GROUP BY beneath them, DISTINCT ON above, WINDOW written out.

SQL evaluates a SELECT in that order: rows, groups, windows, DISTINCT ON. As SELECTs inside
each other every step has an operator of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from penstock_ivm.expressions import render, strip
from penstock_ivm.passes.correlation import own_nodes
from penstock_ivm.passes.group_levels import IsCall, over_groups

_ROWS = "__rows"


def windows_apart(query: exp.Expr, is_call: IsCall) -> exp.Expr:
    """Return a SELECT whose windows stand over plain rows; any other query as it is.

    is_call: whether a node calls an aggregate.

    >>> windows_apart(parse_one("select g, rank() over (order by g) as r from t group by g"), ...)
    SELECT __grouped.c1 AS g, RANK() OVER (ORDER BY __grouped.c1) AS r
    FROM (SELECT g AS c1 FROM t GROUP BY g) AS __grouped
    """
    if not isinstance(query, exp.Select):
        return query
    on, order = query.args.get("distinct"), query.args.get("order")
    is_chosen = on is not None and on.args.get("on") is not None
    ordered = [order] if order is not None and is_chosen else []
    if not windows_of([*query.selects, *ordered]):
        return query
    select = _written_out(query)
    if is_grouped(select, is_call):
        select = over_groups(select, is_call)
    return _under_distinct_on(select) if is_chosen else select


def has_windows(select: exp.Select) -> bool:
    """Whether window functions stand among a SELECT's outputs."""
    return bool(windows_of(select.selects))


def windows_of(parts: Iterable[exp.Expr]) -> list[exp.Window]:
    """The windows in expressions, without those of subqueries."""
    return [node for part in parts for node in own_nodes(part) if isinstance(node, exp.Window)]


def _written_out(select: exp.Select) -> exp.Select:
    """Put in place of each window's name what the WINDOW clause says of it."""
    select = select.copy()
    known = {window.name: window for window in select.args.get("windows") or []}
    select.set("windows", None)
    order = select.args.get("order")
    for window in windows_of([*select.selects, *([order] if order is not None else [])]):
        while window.args.get("alias") is not None and window.alias in known:
            base = known[window.alias]
            window.set("alias", base.args.get("alias") and base.args["alias"].copy())
            keys = [
                *(window.args.get("partition_by") or []),
                *(base.args.get("partition_by") or []),
            ]
            window.set("partition_by", [key.copy() for key in keys])
            for part in ("order", "spec"):
                value = base.args.get(part)
                if value is not None and window.args.get(part) is None:
                    window.set(part, value.copy())
    return select


def is_grouped(select: exp.Select, is_call: IsCall) -> bool:
    """Whether a SELECT groups or aggregates; a window function alone does not."""
    if select.args.get("group") is not None or select.args.get("having") is not None:
        return True
    return any(is_call(node) for part in select.selects for node in own_nodes(part))


class _Inner:
    """The outputs of a SELECT inside another, as the outer one asks for them."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.items: dict[str, exp.Expr] = {}
        self._names: dict[str, str] = {}

    def column(self, node: exp.Expr, wanted: str = "") -> exp.Column:
        """Ask for an expression; the same one is one output."""
        text = render(strip(node))
        if text not in self._names:
            name = wanted or (node.name if isinstance(node, exp.Column) else "")
            if not name or name in self.items:
                name = f"__of{len(self.items) + 1}"
            self._names[text] = name
            self.items[name] = node.copy()
        return exp.column(
            exp.to_identifier(self._names[text], quoted=True),
            table=exp.to_identifier(self.alias, quoted=True),
        )

    def expressions(self) -> list[exp.Expr]:
        """The outputs as they stand after SELECT."""
        return [exp.alias_(node, name, quoted=True) for name, node in self.items.items()]


def _within(inner: exp.Select, asked: _Inner) -> exp.From:
    inner.set("expressions", asked.expressions())
    return exp.From(this=inner.subquery(exp.to_identifier(asked.alias, quoted=True)))


def _under_distinct_on(select: exp.Select) -> exp.Select:
    """Evaluate windows in a SELECT inside, and choose among its rows."""
    asked = _Inner(_ROWS)
    outputs = [
        exp.alias_(asked.column(p.unalias(), p.alias_or_name), p.alias_or_name, quoted=True)
        for p in select.selects
    ]
    keys = strip(select.args["distinct"].args["on"])
    on = keys.expressions if isinstance(keys, exp.Tuple) else [keys]
    outer = exp.Select(expressions=outputs)
    outer.set(
        "distinct",
        exp.Distinct(on=exp.Tuple(expressions=[asked.column(strip(node)) for node in on])),
    )
    order = select.args.get("order")
    if order is not None:
        ordered = order.copy()
        for part in ordered.expressions:
            part.set("this", asked.column(strip(part.this)))
        outer.set("order", ordered)
    inner = select.copy()
    for name in ("distinct", "order", "limit", "offset", "with_"):
        inner.set(name, None)
    for name in ("limit", "offset", "with_"):
        if select.args.get(name) is not None:
            outer.set(name, select.args[name].copy())
    outer.set("from_", _within(inner, asked))
    return outer
