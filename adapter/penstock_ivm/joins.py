"""Joins, EXISTS and IN: one more leaf on what stands so far."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Leaf
from penstock_ivm.builder import Builder
from penstock_ivm.expressions import column, conjuncts, equality, references, strip
from penstock_ivm.refusals import refuse, refuse_subquery
from penstock_ivm.scope import Partial, Scope, combined


def inner_join(left: list[Partial], right: list[Partial], node: exp.Join) -> list[Partial]:
    """Join every branch of one side with every branch of the other."""
    return [
        _filtered(combined(a, b), [*_using(node, left, right), *conjuncts(node.args.get("on"))])
        for a in left
        for b in right
    ]


def _filtered(partial: Partial, conditions: list[exp.Expr]) -> Partial:
    resolved = []
    for condition in conditions:
        refuse_subquery(condition, "ON")
        resolved.append(partial.resolve(condition))
    return replace(partial, where=(*partial.where, *resolved))


def left_join(
    builder: Builder, left: list[Partial], right: list[Partial], node: exp.Join
) -> list[Partial]:
    """Join a single leaf to every branch, NULL where nothing matches."""
    inner = single(builder, right, left)
    leaf = inner.leaves[0]
    conditions = [*_using(node, left, right), *conjuncts(node.args.get("on"))]
    found = []
    for outer in left:
        keys, filters = _split_keys(conditions, outer, inner, node, "LEFT JOIN", is_anti=True)
        joined = replace(leaf, kind="left", keys=keys, filter=(*inner.where, *filters))
        found.append(Partial((*outer.leaves, joined), outer.where, {**outer.scope, **inner.scope}))
    return found


def single(builder: Builder, partials: list[Partial], beside: list[Partial]) -> Partial:
    """The inner side of an outer or semi join as one leaf that shows plain columns."""
    if len(partials) == 1:
        (partial,) = partials
        plain = all(
            isinstance(strip(node), exp.Column)
            for offered in partial.scope.values()
            for node in offered.values()
        )
        read = {leaf.table.sql for other in beside for leaf in other.leaves}
        if len(partial.leaves) == 1 and plain and partial.leaves[0].table.sql not in read:
            return partial
    names = {
        (alias, name): f"{alias}__{name}" if len(partials[0].scope) > 1 else name
        for alias, offered in partials[0].scope.items()
        for name in offered
        if not name.startswith("__")
    }
    block = Block(
        tuple(
            Branch(
                partial.leaves,
                partial.where,
                {shown: partial.scope[a][n] for (a, n), shown in names.items()},
            )
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
    pairs: list[tuple[exp.Expr, exp.Expr]],
    correlated: list[exp.Expr],
    shown: exp.Expr,
    *,
    negated: bool,
) -> list[Partial]:
    """Keep rows of which the inner side has (or, negated, has not) a match.

    pairs: IN's comparisons, (outer expression, inner expression). correlated: conditions
    between both sides.
    """
    alone = single(builder, inner, partials)
    leaf = alone.leaves[0]
    label = "NOT EXISTS" if negated else "IN" if pairs else "EXISTS"
    found = []
    for outer in partials:
        # Names inside hide the names outside, as SQL has it.
        scope = {alias: c for alias, c in outer.scope.items() if alias not in alone.scope}
        seen = replace(outer, scope=scope)
        keys, filters = _split_keys(correlated, seen, alone, shown, label, is_anti=negated)
        keys += tuple((outer.resolve(value), alone.resolve(other)) for value, other in pairs)
        if not keys:
            refuse(
                f"{label} without an equality between inner and outer columns cannot be maintained",
                shown,
                "correlate it: where inner.column = outer.column",
            )
        joined = replace(
            leaf,
            kind="anti" if negated else "semi",
            keys=keys,
            filter=(*alone.where, *filters),
        )
        found.append(replace(outer, leaves=(*outer.leaves, joined)))
    return found


def _using(node: exp.Join, left: list[Partial], right: list[Partial]) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    for name in node.args.get("using") or []:
        a = next(x for x, cols in left[0].scope.items() if name.name in cols)
        b = next(x for x, cols in right[0].scope.items() if name.name in cols)
        found.append(exp.EQ(this=column(a, name.name), expression=column(b, name.name)))
    return found


def _split_keys(
    conditions: list[exp.Expr],
    outer: Partial,
    inner: Partial,
    shown: exp.Expr,
    label: str,
    *,
    is_anti: bool,
) -> tuple[tuple[tuple[exp.Expr, exp.Expr], ...], tuple[exp.Expr, ...]]:
    """Sort the conditions of a left, semi or anti join.

    Equalities between the sides become keys; conditions on the inner side filter it;
    conditions on the outer side alone make the key NULL where they do not hold.
    """
    keys: list[tuple[exp.Expr, exp.Expr]] = []
    filters: list[exp.Expr] = []
    gates: list[exp.Expr] = []
    for condition in conditions:
        refuse_subquery(condition, label)
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
            refuse(
                f"{label} on a condition other than equality cannot be maintained",
                shown,
                "join on equal columns, and filter afterwards",
            )
    if not keys and label == "LEFT JOIN":
        refuse(
            "LEFT JOIN without an equality between both sides cannot be maintained",
            shown,
            "join on equal columns",
        )
    if gates and keys:
        gate = exp.and_(*gates, copy=True)
        value, other = keys[0]
        keys[0] = (exp.Case(ifs=[exp.If(this=gate, true=value)]), other)
    elif gates and is_anti:
        refuse(
            f"{label} on the outer side alone cannot be maintained", shown, "join on equal columns"
        )
    return tuple(keys), tuple(filters)
