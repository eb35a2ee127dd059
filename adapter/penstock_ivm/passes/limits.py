"""Take LIMIT, OFFSET and FETCH off a query: what is left, which order, how many rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlglot import exp

from penstock_ivm.expressions import render, strip
from penstock_ivm.refusals import refuse

AnyQuery = TypeVar("AnyQuery", bound=exp.Expr)


@dataclass(frozen=True)
class Limited:
    """A query with LIMIT, taken apart.

    query: without LIMIT and, where it only serves that, ORDER BY; what it orders by stands
    among its outputs, the last of which are hidden. order: position of an output, item.
    """

    query: exp.Query
    shown: int
    order: tuple[tuple[int, exp.Expr], ...]
    limit: str | None
    offset: str | None
    ties: bool


def split_limit(query: exp.Expr) -> Limited | None:
    """Take LIMIT, OFFSET and FETCH off a query; None where it has none."""
    limit, offset = query.args.get("limit"), query.args.get("offset")
    if not isinstance(query, exp.Query) or (limit is None and offset is None):
        return None
    bare = query.copy()
    for name in ("limit", "offset", "with_"):
        bare.set(name, None)
    count = limit.args.get("count") if isinstance(limit, exp.Fetch) else limit and limit.expression
    ties = bool(
        isinstance(limit, exp.Fetch)
        and limit.args.get("limit_options")
        and limit.args["limit_options"].args.get("with_ties")
    )
    kept, skipped = row_count(count), row_count(offset and offset.expression)
    if isinstance(limit, exp.Fetch) and count is None:
        kept = "1"
    skipped = None if skipped == "0" else skipped
    if kept is None and skipped is None:
        return Limited(bare, len(bare.selects), (), None, None, False)
    order = query.args.get("order")
    if order is None:
        refuse(
            "LIMIT without ORDER BY cannot be maintained"
            if limit is not None
            else "OFFSET without ORDER BY cannot be maintained",
            query,
            "say which rows stay: order by …, with a key that makes the order total, limit …",
        )
    shown = len(bare.selects)
    places = []
    texts = [render(strip(part.unalias())) for part in bare.selects]
    for number, item in enumerate(order.expressions, 1):
        node = strip(item.this)
        if isinstance(node, exp.Literal) and not node.is_string:
            places.append((int(node.name) - 1, item))
            continue
        text = render(node)
        if isinstance(query, exp.SetOperation):
            place = [part.alias_or_name for part in bare.selects].index(node.name)
        elif text in texts:
            place = texts.index(text)
        else:
            place = len(texts)
            texts.append(text)
            bare.append("expressions", exp.alias_(node.copy(), f"__by{number}", quoted=True))
        places.append((place, item))
    on = bare.args.get("distinct")
    if not isinstance(on, exp.Distinct) or on.args.get("on") is None:
        bare.set("order", None)
    return Limited(bare, shown, tuple(places), kept, skipped, ties)


def row_count(node: exp.Expr | None) -> str | None:
    """A count of rows as SQL; None for ALL and NULL."""
    if node is None:
        return None
    if node.find(exp.Query) is not None:
        refuse(
            "LIMIT of a subquery cannot be maintained",
            node,
            "write a number, or filter by row_number() over (order by …) <= the subquery",
        )
    bare = strip(node)
    while isinstance(bare, (exp.Cast, exp.Paren)):
        bare = bare.this
    if isinstance(bare, exp.Null) or (isinstance(bare, exp.Var) and bare.name.upper() == "ALL"):
        return None
    if isinstance(bare, exp.Literal):
        return str(int(bare.name))
    return f"({render(node)})::bigint"


def without_idle_limit(query: AnyQuery) -> AnyQuery:
    """Drop a LIMIT of one or more from a query of which only matters whether it has a row."""
    limited = query.args.get("limit")
    if not isinstance(limited, exp.Limit) or query.args.get("offset") is not None:
        return query
    count = limited.expression
    if not isinstance(count, exp.Literal) or row_count(count) == "0":
        return query
    bare = query.copy()
    bare.set("limit", None)
    bare.set("order", None)
    return bare
