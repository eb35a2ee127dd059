"""Subqueries that read columns of the query around them: which, and the same without.

A correlated subquery asks one question for each outer row. Asked for all of them at once, it
becomes a join: where an equality ties an inner expression to an outer one, the inner one
becomes an output (and a grouping key) to join on; what is tied otherwise is asked for each
distinct combination of the outer columns.
Source: Neumann, Kemper, "Unnesting Arbitrary Queries", BTW 2015.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sqlglot import exp, parse_one

from penstock_ivm.expressions import children, column, conjuncts, equality, named, strip
from penstock_ivm.passes.limits import split_limit, without_idle_limit

_ROWS, _RANKED, _NUMBER, _RANK = "__rows", "__ranked", "__number", "__rank"
Tie = tuple[exp.Expr, exp.Expr]
"""(outer expression, inner expression) that an equality ties together."""


def free_columns(node: exp.Expr) -> list[exp.Column]:
    """Columns that the query reads of queries around it."""
    return list(_free(node, frozenset()))


def _free(node: exp.Expr, bound: frozenset[str]) -> Iterator[exp.Column]:
    if isinstance(node, exp.Column):
        if node.table and node.table not in bound:
            yield node
        return
    if isinstance(node, exp.Select):
        bound |= frozenset(source_names(node))
    for child in node.iter_expressions():
        yield from _free(child, bound)


def subquery_columns(node: exp.Expr) -> list[exp.Column]:
    """Columns that the subqueries inside an expression read of the query around them."""
    if isinstance(node, (exp.Select, exp.SetOperation)):
        return free_columns(node)
    return [found for child in node.iter_expressions() for found in subquery_columns(child)]


def reads_outside(item: exp.Expr) -> bool:
    """Whether a FROM item reads columns of what stands beside it or around it."""
    return bool(free_columns(exp.Select(from_=exp.From(this=item.copy()))))


def source_names(select: exp.Select) -> Iterator[str]:
    """The names that a SELECT's FROM clause gives."""
    start = select.args.get("from_")
    if start is not None:
        yield from _names(start.this)
    for join in select.args.get("joins") or []:
        yield from _names(join.this)


def _names(item: exp.Expr) -> Iterator[str]:
    if item.alias_or_name:
        yield item.alias_or_name
    elif isinstance(item, (exp.Subquery, exp.Paren)):
        yield from _names(item.this)
    for join in item.args.get("joins") or []:
        yield from _names(join.this)


def is_aggregated(select: exp.Select, is_call: Callable[[exp.Expr], bool]) -> bool:
    """Whether a SELECT gives one row for all its input: aggregates without GROUP BY."""
    if select.args.get("group") is not None:
        return False
    having = select.args.get("having")
    if having is not None:
        return True
    return any(is_call(node) for part in select.selects for node in own_nodes(part))


def own_nodes(node: exp.Expr) -> Iterator[exp.Expr]:
    """A tree without the subqueries inside, and without what names and types are made of."""
    todo = [node]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, (exp.Column, exp.Literal, exp.DataType)):
            continue
        inner = children(node)
        todo += [c for c in reversed(inner) if not isinstance(c, (exp.Select, exp.SetOperation))]


def untied(select: exp.Select) -> tuple[exp.Select, list[Tie]] | None:
    """Take the equalities with outer columns out of WHERE.

    None where outer columns stand anywhere else too, or nothing ties inner to outer.
    """
    ties: list[Tie] = []
    kept: list[exp.Expr] = []
    mine = frozenset(source_names(select))
    where = select.args.get("where")
    for condition in conjuncts(where.this if where is not None else None):
        both = equality(condition)
        tie = next((t for t in (both, both[::-1]) if _is_tie(t, mine)), None) if both else None
        if tie is None:
            kept.append(condition)
        else:
            ties.append((tie[0].copy(), tie[1].copy()))
    if not ties:
        return None
    rest = select.copy()
    rest.set("where", exp.Where(this=exp.and_(*kept, copy=True)) if kept else None)
    return None if free_columns(rest) else (rest, ties)


def _is_tie(pair: Tie, mine: frozenset[str]) -> bool:
    outer, inner = pair
    if any(part.find(exp.Select) for part in pair):
        return False
    return (
        bool(list(outer.find_all(exp.Column)))
        and all(c.table not in mine for c in outer.find_all(exp.Column))
        and bool(list(inner.find_all(exp.Column)))
        and all(c.table in mine for c in inner.find_all(exp.Column))
    )


def with_keys(
    select: exp.Select, keys: Mapping[str, exp.Expr], is_call: Callable[[exp.Expr], bool]
) -> exp.Select:
    """Make what a SELECT answers once an answer for each combination of `keys`.

    The keys become its first outputs, and part of what it groups, makes distinct or ranks by.
    """
    found = select.copy()
    first = [named(node, name) for name, node in keys.items()]
    aggregated = is_aggregated(found, is_call)
    if aggregated:
        found = without_idle_limit(found)
    found.set("expressions", [*first, *found.selects])
    if aggregated or found.args.get("group") is not None:
        group = found.args.get("group") or exp.Group()
        group.set("expressions", [*(k.copy() for k in keys.values()), *group.expressions])
        found.set("group", group)
    order = found.args.get("order")
    ranked = [*found.selects, *([order] if order is not None else [])]
    for window in [w for part in ranked for w in own_nodes(part)]:
        if isinstance(window, exp.Window):
            parts = window.args.get("partition_by") or []
            window.set("partition_by", [*(k.copy() for k in keys.values()), *parts])
    distinct = found.args.get("distinct")
    on = distinct.args.get("on") if distinct is not None else None
    if distinct is not None and on is not None:
        parts = on.expressions if isinstance(on, exp.Tuple) else [strip(on)]
        distinct.set("on", exp.Tuple(expressions=[*(k.copy() for k in keys.values()), *parts]))
    return _limited(found, len(keys))


def _limited(select: exp.Select, keys: int) -> exp.Select:
    """ORDER BY … LIMIT for each combination of the keys: number the rows, filter by the number."""
    with_ = select.args.get("with_")
    limited = split_limit(select)
    if limited is None:
        return select
    names = [f"c{i}" for i in range(1, len(limited.query.selects) + 1)]
    rows = exp.Subquery(
        this=limited.query,
        alias=exp.TableAlias(
            this=exp.to_identifier(_ROWS, quoted=True),
            columns=[exp.to_identifier(name, quoted=True) for name in names],
        ),
    )
    order = []
    for place, item in limited.order:
        copy = item.copy()
        copy.set("this", column(_ROWS, names[place]))
        order.append(copy)
    conditions: list[exp.Expr] = []
    numbers: dict[str, exp.Expr] = {}
    if limited.offset is not None:
        numbers[_NUMBER] = exp.RowNumber()
        conditions.append(exp.GT(this=column(_RANKED, _NUMBER), expression=_read(limited.offset)))
    if limited.limit is not None:
        name = _RANK if limited.ties else _NUMBER
        numbers[name] = exp.Rank() if limited.ties else exp.RowNumber()
        last = f"{limited.limit} + {limited.offset}" if limited.offset else limited.limit
        conditions.append(exp.LTE(this=column(_RANKED, name), expression=_read(last)))
    inner = exp.Select(
        expressions=[
            *(named(column(_ROWS, name), name) for name in names),
            *(
                named(
                    exp.Window(
                        this=function,
                        partition_by=[column(_ROWS, name) for name in names[:keys]],
                        order=exp.Order(expressions=[item.copy() for item in order]),
                    ),
                    name,
                )
                for name, function in numbers.items()
            ),
        ],
        from_=exp.From(this=rows),
    )
    outer = exp.Select(
        expressions=[
            named(column(_RANKED, name), part.alias_or_name or name)
            for name, part in zip(names[: limited.shown], select.selects, strict=False)
        ],
        from_=exp.From(
            this=exp.Subquery(
                this=inner, alias=exp.TableAlias(this=exp.to_identifier(_RANKED, quoted=True))
            )
        ),
        with_=with_ and with_.copy(),
    )
    return outer.where(*conditions, copy=False) if conditions else outer


def _read(number: str) -> exp.Expr:
    return parse_one(number, dialect="postgres")
