"""UNION, INTERSECT and EXCEPT, with and without ALL, over the rows of both sides.

Rows that are equal, NULLs to each other too, are one group of both sides together; the group
counts how often each side has it, and the counts say how often the result does:

    INTERSECT      left > 0 and right > 0      INTERSECT ALL      least(left, right)
    EXCEPT         left > 0 and right = 0      EXCEPT ALL         greatest(left - right, 0)

https://www.postgresql.org/docs/current/queries-union.html
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Call, Leaf
from penstock_ivm.builder import Builder
from penstock_ivm.expressions import column

_LEFT, _RIGHT = "__left", "__right"
_ZERO = exp.Literal.number(0)
_ONE = exp.Literal.number(1)


def set_operation(builder: Builder, node: exp.SetOperation, left: Block, right: Block) -> Block:
    """Put two blocks together; the columns are named as the left one names them."""
    is_all = node.args.get("distinct") is False
    both, _ = builder.same_types(Block((*left.branches, *_named(right, left.names))))
    if isinstance(node, exp.Union):
        return both if is_all else builder.distinct(both)
    names = both.names
    first = len(left.branches)
    is_left = [number < first for number in range(len(both.branches))]
    sides: dict[str, list[exp.Expr]] = {
        _LEFT: [_flag(here) for here in is_left],
        _RIGHT: [_flag(not here) for here in is_left],
    }
    outputs = {name: [branch.outputs[name] for branch in both.branches] for name in names}
    table = builder.counted(both.with_outputs({**outputs, **sides}), names, (_LEFT, _RIGHT))
    alias = builder.alias("rows")
    shown: dict[str, exp.Expr] = {name: column(alias, name) for name in names}
    lefts, rights = column(alias, _LEFT), column(alias, _RIGHT)
    is_both = isinstance(node, exp.Intersect)
    if not is_all:
        there = exp.GT(this=rights, expression=_ZERO) if is_both else _is_zero(rights)
        where = (exp.GT(this=lefts, expression=_ZERO), there)
        return Block((Branch((Leaf(alias, table),), where, shown),))
    times: exp.Expr = (
        exp.Least(this=lefts, expressions=[rights])
        if is_both
        else exp.Sub(this=lefts, expression=rights)
    )
    series = exp.Anonymous(this="generate_series", expressions=[_ONE.copy(), times])
    copies = Call(builder.alias("copies"), (series,), ("copy", "__ordinality"))
    return Block((Branch((Leaf(alias, table),), (), shown, (copies,)),))


def _named(block: Block, names: list[str]) -> list[Branch]:
    return [
        replace(branch, outputs=dict(zip(names, branch.outputs.values(), strict=True)))
        for branch in block.branches
    ]


def _flag(is_set: bool) -> exp.Expr:
    return exp.true() if is_set else exp.Cast(this=exp.Null(), to=exp.DataType.build("boolean"))


def _is_zero(node: exp.Expr) -> exp.Expr:
    return exp.EQ(this=node, expression=_ZERO.copy())
