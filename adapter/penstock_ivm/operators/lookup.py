"""Which indexes let maintenance find the rows of a key, or the other side of a join."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Condition, driven_sql, is_hashed
from penstock_ivm.expressions import aliases, column, equality, render, strip
from penstock_ivm.keys import equal, hashed, looked_up
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
        for alias, names in _hashed(branch, keys).items():
            inside = hashed([branch.outputs[name] for name in names])
            outside = hashed([column(outer, name) for name in names])
            text = f"{render(inside)} = {render(outside)}"
            given.append(Condition(text, frozenset({alias}), finds=True))
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
        as_hashes = _hashed(branch, keys)
        for alias, names in as_hashes.items():
            parts[alias] = [hashed([branch.outputs[name] for name in names])]
        for key in keys:
            node = branch.outputs[key.name]
            used = aliases(node)
            if len(used) == 1 and not any(key.name in names for names in as_hashes.values()):
                parts.setdefault(next(iter(used)), []).extend(looked_up(key, node))
        called = {call.alias for call in branch.calls}
        for alias, expressions in parts.items():
            if alias in called:
                continue  # of constants only: see settling.py
            leaf = branch.leaf(alias)
            if leaf.kind in ("inner", "left") and (always or not leaf.table.append_only):
                where = _is_filled(branch, alias) if leaf.kind == "inner" else ()
                found.append(Lookup(leaf.table, tuple(expressions), where, always=always))
    return found


def _hashed(branch: Branch, keys: Iterable[Column]) -> dict[str, list[str]]:
    """Keys that are found by the hash of all of them, by the leaf whose columns make them.

    An index on an expression is there for maintenance alone. Where it would hold texts, a hash of
    them does: an entry takes 20 bytes instead of the texts', and to insert or find it half the
    time. A plain column may have an index already, and makes one that others can use.
    """
    found: dict[str, list[str]] = {}
    for key in keys:
        node = branch.outputs[key.name]
        used = aliases(node)
        is_text = key.type == "text" and key.not_null and key.is_faithful
        if is_text and len(used) == 1 and not isinstance(strip(node), exp.Column):
            found.setdefault(next(iter(used)), []).append(key.name)
    return found


def _is_filled(branch: Branch, alias: str) -> tuple[exp.Expr, ...]:
    """The branch's conditions that a column of an inner leaf is there, or is not some constant.

    Rarely filled columns (an e-mail among a thousand page views) cost their index no entry then.
    """

    def is_such(node: exp.Expr) -> bool:
        match node:
            case exp.Is():
                return bool(node.args.get("negate")) and isinstance(node.expression, exp.Null)
            case exp.NEQ():
                constant = strip(node.expression)
                constant = strip(constant.this) if isinstance(constant, exp.Cast) else constant
                return isinstance(constant, exp.Literal)
            case _:
                return False

    return tuple(
        condition
        for condition in branch.where
        if is_such(node := strip(condition))
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
            left, right = (hashed([s]) if is_hashed(branch, s) else s for s in both)
            note(left, right)
    for leaf in branch.leaves:
        for outer, inner in leaf.keys:
            note(outer, inner)
    called = {call.alias for call in branch.calls}
    # An append-only table is met by what comes only; a tick meets it as it stands.
    timed = bool(comparisons(branch))
    for (alias, _), expressions in sides.items():
        if alias in called:
            continue
        leaf = branch.leaf(alias)
        where = _is_filled(branch, alias) if leaf.kind == "inner" else ()
        yield Lookup(leaf.table, tuple(expressions), where, always=timed)
