"""Joins, EXISTS and IN: one more leaf on what stands so far."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from penstock_ivm.block import Block, Leaf
from penstock_ivm.builder import Builder
from penstock_ivm.calls import left_call
from penstock_ivm.expressions import column, conjuncts, data_type, equality, references, strip
from penstock_ivm.scope import Partial, Scope, combined
from penstock_ivm.temporal import has_clock

Pair = tuple[exp.Expr, exp.Expr]
"""(outer, inner) expressions of the query that must be equal."""


def inner_join(left: list[Partial], right: list[Partial], node: exp.Join) -> list[Partial]:
    """Join every branch of one side with every branch of the other, on what USING asks."""
    conditions = _using(node, left, right)
    return [
        replace(both, where=(*both.where, *(both.resolve(c) for c in conditions)))
        for both in (combined(a, b) for a in left for b in right)
    ]


def left_join(
    builder: Builder, left: list[Partial], right: list[Partial], conditions: list[exp.Expr]
) -> list[Partial]:
    """Join a single leaf to every branch, NULL where nothing matches."""
    right, conditions = with_time_inside(right, conditions)
    if len(right) == 1 and not right[0].leaves and right[0].calls:
        return [left_call(outer, right[0], conditions) for outer in left]
    inner = single(builder, right)
    leaf = inner.leaves[0]
    shown = _null_where_unmatched(leaf, inner.scope)
    found = []
    for outer in left:
        joined = _matched(leaf, "left", conditions, outer, inner)
        found.append(replace(outer, leaves=(*outer.leaves, joined), scope={**outer.scope, **shown}))
    return found


def with_time_inside(
    inner: list[Partial], conditions: list[exp.Expr]
) -> tuple[list[Partial], list[exp.Expr]]:
    """Filter the inner side first by what compares it with the clock; return the other conditions.

    A tick then takes rows from a state of its own, and the join only meets changed rows.
    """
    for condition in [c for c in conditions if has_clock(c) and references(c)]:
        if all(partial.knows(condition) for partial in inner):
            conditions = [c for c in conditions if c is not condition]
            inner = [replace(p, where=(*p.where, p.resolve(condition))) for p in inner]
    return inner, conditions


def full_join(
    builder: Builder, left: list[Partial], right: list[Partial], node: exp.Join
) -> list[Partial]:
    """LEFT JOIN, and the right side's rows without a match beside NULLs."""
    conditions = join_conditions(node, left, right)
    found = left_join(builder, left, right, conditions)
    nulls = _nulls(builder, left)
    for alone in semi_join(builder, right, left, [], conditions, negated=True):
        found.append(replace(alone, scope={**nulls, **alone.scope}))
    merged = [name.name for name in node.args.get("using") or []]
    return [_with_merged(partial, merged, left[0].scope, right[0].scope) for partial in found]


def _with_merged(partial: Partial, names: list[str], left: Scope, right: Scope) -> Partial:
    """FULL JOIN … USING shows coalesce(left, right), which PostgreSQL writes without an alias."""
    shown = {}
    for name in names:
        a, b = (next(x for x, cols in side.items() if name in cols) for side in (left, right))
        parts = [partial.scope[a][name], partial.scope[b][name]]
        shown[name] = exp.Coalesce(this=parts[0].copy(), expressions=[parts[1].copy()])
    if not shown:
        return partial
    return replace(partial, scope={**partial.scope, "": {**partial.scope.get("", {}), **shown}})


def _nulls(builder: Builder, partials: list[Partial]) -> Scope:
    """A NULL of its type for everything that a FROM clause offers."""
    pairs = [(a, n) for a, offered in partials[0].scope.items() for n in offered]
    block = Block(
        tuple(
            p.branch({f"c{i}": p.scope[a][n] for i, (a, n) in enumerate(pairs)}) for p in partials
        )
    )
    scope: Scope = {}
    for (alias, name), kind in zip(pairs, builder.columns_of(block), strict=True):
        null = exp.Cast(this=exp.Null(), to=data_type(kind.type))
        scope.setdefault(alias, {})[name] = null
    return scope


def _null_where_unmatched(leaf: Leaf, scope: Scope) -> Scope:
    """What a left leaf offers: NULL without a match, also where an expression would not be."""
    marker = _marker(leaf)
    shown: Scope = {}
    for alias, offered in scope.items():
        shown[alias] = {}
        for name, node in offered.items():
            if not isinstance(strip(node), exp.Column):
                assert marker is not None  # noqa: S101  single() saw to it
                there = exp.NullSafeNEQ(this=marker.copy(), expression=exp.Null())
                node = exp.Case(ifs=[exp.If(this=there, true=node.copy())])  # noqa: PLW2901
            shown[alias][name] = node
    return shown


def _marker(leaf: Leaf) -> exp.Expr | None:
    """A column that is NULL only where a left join found no match."""
    for known in leaf.table.columns:
        if known.not_null:
            return column(leaf.alias, known.name)
    return None


def single(builder: Builder, partials: list[Partial]) -> Partial:
    """The inner side of an outer or semi join as one leaf."""
    if len(partials) == 1:
        (partial,) = partials
        timed = has_clock(*partial.where)
        alone = len(partial.leaves) == 1 and not partial.calls
        if alone and partial.leaves[0].kind == "inner" and not timed:
            plain = all(
                isinstance(strip(node), exp.Column)
                for offered in partial.scope.values()
                for node in offered.values()
            )
            if plain or _marker(partial.leaves[0]) is not None:
                return partial
    names = {
        (alias, name): f"{alias}__{name}" if len(partials[0].scope) > 1 else name
        for alias, offered in partials[0].scope.items()
        for name in offered
        if not name.startswith("__")
    }
    block = Block(
        tuple(
            partial.branch({shown: partial.scope[a][n] for (a, n), shown in names.items()})
            for partial in partials
        )
    )
    stage = builder.bag(block, f"{builder.model}__joined")
    alias = builder.alias("joined")
    scope: Scope = {}
    for (a, n), shown in names.items():
        scope.setdefault(a, {})[n] = column(alias, shown)
    return Partial((Leaf(alias, stage),), (), scope)


def semi_join(
    builder: Builder,
    partials: list[Partial],
    inner: list[Partial],
    pairs: list[Pair],
    conditions: list[exp.Expr],
    *,
    negated: bool,
) -> list[Partial]:
    """Keep rows of which the inner side has (or, negated, has not) a match.

    pairs: what must be equal besides. conditions: over both sides.
    """
    inner, conditions = with_time_inside(inner, conditions)
    alone = single(builder, inner)
    found = []
    for outer in partials:
        # Names inside hide the names outside, as SQL has it.
        scope = {alias: c for alias, c in outer.scope.items() if alias not in alone.scope}
        kind = "anti" if negated else "semi"
        joined = _matched(alone.leaves[0], kind, conditions, replace(outer, scope=scope), alone)
        keys = tuple((outer.resolve(value), alone.resolve(other)) for value, other in pairs)
        joined = replace(joined, keys=(*keys, *joined.keys))
        found.append(replace(outer, leaves=(*outer.leaves, joined)))
    return found


def _using(node: exp.Join, left: list[Partial], right: list[Partial]) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    for name in node.args.get("using") or []:
        a = next(x for x, cols in left[0].scope.items() if name.name in cols)
        b = next(x for x, cols in right[0].scope.items() if name.name in cols)
        found.append(exp.EQ(this=column(a, name.name), expression=column(b, name.name)))
    return found


def join_conditions(node: exp.Join, left: list[Partial], right: list[Partial]) -> list[exp.Expr]:
    """What ON or USING asks."""
    on = [c for c in conjuncts(node.args.get("on")) if strip(c) != exp.true()]
    return [*_using(node, left, right), *on]


def _matched(
    leaf: Leaf, kind: str, conditions: list[exp.Expr], outer: Partial, inner: Partial
) -> Leaf:
    """Sort the conditions of a left, semi or anti leaf.

    Equalities between the sides become keys; conditions on the inner side filter it, and
    those on the outer side are its gate; all others are asked of each pair.
    """
    keys: list[Pair] = []
    filters: list[exp.Expr] = [*inner.where]
    gates: list[exp.Expr] = []
    residual: list[exp.Expr] = []
    both_sides = combined(outer, inner)
    for condition in conditions:
        both = equality(condition)
        if inner.knows(condition) and references(condition):
            filters.append(inner.resolve(condition))
        elif outer.knows(condition):
            gates.append(outer.resolve(condition))
        elif both and outer.knows(both[0]) and inner.knows(both[1]):
            keys.append((outer.resolve(both[0]), inner.resolve(both[1])))
        elif both and inner.knows(both[0]) and outer.knows(both[1]):
            keys.append((outer.resolve(both[1]), inner.resolve(both[0])))
        else:
            residual.append(both_sides.resolve(condition))
    return replace(
        leaf,
        kind=kind,  # type: ignore[arg-type]
        keys=tuple(keys),
        filter=tuple(filters),
        residual=tuple(residual),
        gate=tuple(gates),
    )
