"""Keep the rows of a set-returning call where something must find them by their columns.

`t, unnest(t.tags) as u(tag)` needs no state of its own: a changed row of t calls the function.
But no index leads from a tag to the rows of t that have it. Where another table is joined on
`u.tag`, or a group of `u.tag` is read again, the call becomes a stage, with what it reads: a
state table has indexes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Call, Leaf, moved
from penstock_ivm.expressions import aliases, column, equality, named, references, substitute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from penstock_ivm.builder import Builder


def settled(builder: Builder, block: Block, searched: Iterable[str]) -> Block:
    """Return the block with calls made stages, where a lookup would have to go through one.

    searched: outputs by whose values rows of the block are looked up.
    """
    names = list(searched)
    return Block(tuple(_settled(builder, branch, names) for branch in block.branches))


def _settled(builder: Builder, branch: Branch, searched: list[str]) -> Branch:
    branch = _lifted(builder, branch, searched)
    while branch.calls:
        gone = _to_move(branch, searched)
        if not gone:
            break
        branch = _kept(builder, branch, gone)
    return branch


def _lifted(builder: Builder, branch: Branch, searched: list[str]) -> Branch:
    """Make calls of the subqueries that something is found by: no index holds a subquery."""
    calls = list(branch.calls)

    def lift(node: exp.Expr) -> exp.Expr:
        if node.find(exp.Select) is None or not aliases(node):
            return node
        alias = builder.alias("value")
        query = exp.Select(expressions=[named(node, "value")])
        calls.append(Call(alias, (query,), ("value", "__ordinality")))
        return column(alias, "value")

    def lift_sides(condition: exp.Expr) -> exp.Expr:
        both = equality(condition)
        if both is None or len(aliases(condition)) < 2:
            return condition
        return exp.EQ(this=lift(both[0]), expression=lift(both[1]))

    where = tuple(map(lift_sides, branch.where))
    leaves = tuple(
        replace(leaf, keys=tuple((lift(outer), inner) for outer, inner in leaf.keys))
        for leaf in branch.leaves
    )
    outputs = {n: lift(e) if n in searched else e for n, e in branch.outputs.items()}
    return Branch(leaves, where, outputs, tuple(calls))


def _to_move(branch: Branch, searched: list[str]) -> set[str]:
    """The aliases of a call that is looked up by, with all that it reads; empty for none."""
    called = {call.alias for call in branch.calls}
    leaves = {leaf.alias for leaf in branch.of_kind("inner", "left")}
    closures = {alias: _closure(branch, alias) for alias in called}
    wanted = {a for name in searched for a in aliases(branch.outputs[name]) & called}
    for condition in branch.where:
        used = aliases(condition)
        if equality(condition) is None:
            continue
        for alias in used & called:
            others = {o for other in used - {alias} for o in _closure(branch, other)}
            if others & leaves - closures[alias]:
                wanted.add(alias)
    for leaf in branch.of_kind("left", "semi", "anti"):
        wanted |= {alias for outer, _ in leaf.keys for alias in aliases(outer) & called}
    # What reads nothing but constants is as near as anything.
    wanted = {alias for alias in wanted if closures[alias] & leaves}
    if not wanted:
        return set()
    found = closures[min(wanted)]
    for alias in sorted(wanted):
        if closures[alias] & found & leaves:
            found = found | closures[alias]
    return found


def _closure(branch: Branch, alias: str) -> set[str]:
    """An alias and, directly or not, all that must stand before it."""
    found: set[str] = set()
    todo = {alias}
    while todo:
        one = todo.pop()
        found.add(one)
        for call in branch.calls:
            if call.alias == one:
                todo |= call.reads() - found
        for leaf in branch.of_kind("left"):
            if leaf.alias == one:
                nodes = [*leaf.residual, *leaf.gate, *(outer for outer, _ in leaf.keys)]
                todo |= {a for node in nodes for a in aliases(node)} - found
    return found


def _kept(builder: Builder, branch: Branch, gone: set[str]) -> Branch:
    """Exchange leaves and calls for the stage that holds them joined."""
    inside = tuple(c for c in branch.where if aliases(c) and aliases(c) <= gone)
    rest = replace(
        branch,
        leaves=tuple(leaf for leaf in branch.leaves if leaf.alias not in gone),
        calls=tuple(call for call in branch.calls if call.alias not in gone),
        where=tuple(c for c in branch.where if c not in inside),
    )
    needed = sorted(
        {ref for node in rest.expressions() for ref in references(node) if ref[0] in gone}
    )
    names = {ref: f"c{number}__{ref[1]}" for number, ref in enumerate(needed, 1)}
    sub = Branch(
        tuple(leaf for leaf in branch.leaves if leaf.alias in gone),
        inside,
        {name: column(*ref) for ref, name in names.items()},
        tuple(call for call in branch.calls if call.alias in gone),
    )
    table = builder.bag(Block((sub,)), f"{builder.model}__elements")
    alias = builder.alias("elements")

    def move(node: exp.Expr) -> exp.Expr:
        def found(part: exp.Column) -> exp.Expr:
            name = names.get((part.table, part.name))
            return part if name is None else column(alias, name)

        return substitute(node, found)

    return moved(
        replace(rest, leaves=(Leaf(alias, table), *rest.leaves)),
        move,
    )
