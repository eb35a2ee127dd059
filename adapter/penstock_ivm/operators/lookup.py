"""Which indexes let maintenance find the rows of a key, or the other side of a join."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Condition, driven_sql
from penstock_ivm.expressions import aliases, equality, render, strip
from penstock_ivm.keys import equal, looked_up
from penstock_ivm.operators.stage import Lookup
from penstock_ivm.relation import Column
from penstock_ivm.session import ident
from penstock_ivm.temporal import clocks, comparisons


def rows_of_key(block: Block, keys: Sequence[Column], outer: str) -> str:
    """Write the block's rows that have the key of the row `outer`, found by index."""
    parts = []
    for branch in block.branches:
        given = [
            Condition(
                equal(key, f"({render(branch.outputs[key.name])})", f"{outer}.{ident(key.name)}"),
                frozenset(aliases(branch.outputs[key.name])),
                finds=True,
            )
            for key in keys
        ]
        inner = [leaf.alias for leaf in branch.of_kind("inner")]
        driver = max(inner, key=lambda a: sum(a in c.reads for c in given), default=None)
        parts.append(driven_sql(branch, driver, {}, None, given=given, expand=True))
    return "\n    union all\n    ".join(parts)


def key_lookups(block: Block, keys: Iterable[Column], *, always: bool = False) -> list[Lookup]:
    """Indexes on the inputs by the expressions that make a key.

    An append-only input never loses a row, so nobody looks again in it: no index; unless time
    takes rows out of the block. always: a row that comes is reason enough to look.
    """
    always = always or bool(clocks(block))
    found = []
    for branch in block.branches:
        parts: dict[str, list[exp.Expr]] = {}
        for key in keys:
            node = branch.outputs[key.name]
            used = aliases(node)
            if len(used) == 1:
                parts.setdefault(next(iter(used)), []).extend(looked_up(key, node))
        called = {call.alias for call in branch.calls}
        for alias, expressions in parts.items():
            if alias in called:
                continue  # of constants only: see settling.py
            leaf = branch.leaf(alias)
            if leaf.kind in ("inner", "left") and (always or not leaf.table.append_only):
                where = _not_null(branch, alias) if leaf.kind == "inner" else ()
                found.append(Lookup(leaf.table, tuple(expressions), where, always=always))
    return found


def _not_null(branch: Branch, alias: str) -> tuple[exp.Expr, ...]:
    """The branch's conditions that a column of an inner leaf is there.

    Rarely filled columns (an e-mail among a thousand page views) cost their index no entry then.
    """
    return tuple(
        condition
        for condition in branch.where
        if isinstance(node := strip(condition), exp.Is)
        and node.args.get("negate")
        and isinstance(node.expression, exp.Null)
        and isinstance(strip(node.this), exp.Column)
        and aliases(node) == {alias}
    )


def join_lookups(block: Block) -> list[Lookup]:
    """Indexes on both sides of every equality between two leaves."""
    return [lookup for branch in block.branches for lookup in _branch_lookups(branch)]


def tick_lookups(block: Block) -> list[Lookup]:
    """Indexes by which a tick finds the rows whose comparisons with the clock change."""
    return [
        Lookup(branch.leaf(alias).table, (comparison.row,), always=True)
        for branch in block.branches
        for comparison in comparisons(branch)
        for alias in comparison.reads
    ]


def _branch_lookups(branch: Branch) -> Iterable[Lookup]:
    sides: dict[tuple[str, str], list[exp.Expr]] = {}

    def note(left: exp.Expr, right: exp.Expr) -> None:
        left_used, right_used = aliases(left), aliases(right)
        if len(left_used) == 1 and len(right_used) == 1 and left_used != right_used:
            (a,), (b,) = left_used, right_used
            sides.setdefault((a, b), []).append(left)
            sides.setdefault((b, a), []).append(right)

    inside = {leaf.alias for leaf in branch.of_kind("inner")}
    for condition in branch.where:
        both = equality(condition)
        # What WHERE asks of a left leaf is asked once it is found.
        if both and aliases(condition) <= inside:
            note(*both)
    for leaf in branch.leaves:
        for outer, inner in leaf.keys:
            note(outer, inner)
    called = {call.alias for call in branch.calls}
    # An append-only table is met by what comes only; a tick meets it as it stands.
    timed = bool(comparisons(branch))
    for (alias, _), expressions in sides.items():
        if alias in called:
            continue
        yield Lookup(branch.leaf(alias).table, tuple(expressions), always=timed)
