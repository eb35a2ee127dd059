"""Recognise `row_number() over (…) as n` in one SELECT and `n = 1` in the SELECT that reads it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from penstock_ivm.expressions import conjuncts, strip


@dataclass
class Ranking:
    """Conditions `alias.column = 1` of a SELECT; `used` holds ids of those that were taken."""

    conditions: dict[tuple[str, str], exp.Expr] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)


def rank_filters(select: exp.Select) -> Ranking:
    """Collect the conditions of WHERE that keep number 1: `= 1`, `<= 1`, `< 2`."""
    found = Ranking()
    where = select.args.get("where")
    for condition in conjuncts(where.this if where is not None else None):
        name = _kept_first(condition)
        if name is not None:
            found.conditions[name.table, name.name] = condition
    return found


def _kept_first(condition: exp.Expr) -> exp.Column | None:
    limits: dict[type[exp.Expr], str] = {exp.EQ: "1", exp.LTE: "1", exp.LT: "2"}
    mirrored: dict[type[exp.Expr], str] = {exp.GTE: "1", exp.GT: "2"}
    limit = limits.get(type(condition))
    if limit is None:
        limit = mirrored.get(type(condition))
        left, right = condition.args.get("expression"), condition.args.get("this")
    else:
        left, right = condition.this, condition.expression
        if isinstance(condition, exp.EQ) and _number(left) == "1":
            left, right = right, left
    if not isinstance(left, exp.Expr) or not isinstance(right, exp.Expr) or limit is None:
        return None
    left = strip(left)
    return left if isinstance(left, exp.Column) and _number(right) == limit else None


def _number(node: exp.Expr) -> str | None:
    node = strip(node)
    while isinstance(node, (exp.Cast, exp.Paren)):
        node = strip(node.this)
    return node.name if isinstance(node, exp.Literal) and not node.is_string else None


def find_ranking(query: exp.Expr) -> tuple[exp.Select, str, exp.Window] | None:
    """Find the one row_number() among a SELECT's outputs: (select, its name, the window)."""
    while isinstance(query, (exp.Subquery, exp.Paren)):
        query = query.this
    if not isinstance(query, exp.Select):
        return None
    windows = [part for part in query.selects if part.find(exp.Window)]
    if len(windows) != 1:
        return None
    window = strip(windows[0].unalias())
    if not isinstance(window, exp.Window) or not isinstance(window.this, exp.RowNumber):
        return None
    return query, windows[0].alias_or_name, _resolved(query, window)


def _resolved(query: exp.Select, window: exp.Window) -> exp.Window:
    """Replace the name of a WINDOW clause by what it stands for."""
    name = window.args.get("alias")
    for known in query.args.get("windows") or []:
        if name is not None and known.name == name.name:
            merged = window.copy()
            for part in ("partition_by", "order"):
                value = known.args.get(part)
                if value:
                    copied = [v.copy() for v in value] if isinstance(value, list) else value.copy()
                    merged.set(part, copied)
            return merged
    return window
