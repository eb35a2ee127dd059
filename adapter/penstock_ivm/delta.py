"""The delta of a linear block when one of its tables changes.

A change of table T arrives as transition tables new_rows and old_rows. Linear operators map
it directly; joins are bilinear: with the other leaves as they are now, each occurrence of T
is exchanged for its change in turn, and occurrences to the right of it for T as it was
before, so that nothing counts twice (inclusion and exclusion; Budiu et al., DBSP, 2023).
A left, semi or anti join looks at the keys of the change only: the counts before and after
tell which null rows, or which outer rows, come and go.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Leaf, driven_sql, matches, moved
from penstock_ivm.changes import consolidate, consolidated_change
from penstock_ivm.expressions import (
    column,
    data_type,
    references,
    render,
    substitution,
)
from penstock_ivm.passes.sharing import Layer, is_asked_first, share
from penstock_ivm.relation import Table, held_names
from penstock_ivm.session import ident

Event = Literal["insert", "delete", "update"]
EVENTS: tuple[Event, ...] = ("insert", "update", "delete")

Way = tuple[str | None, str | None]
"""What stands in FROM for a leaf (None: its table), and the multiplicity of its rows."""


@dataclass(frozen=True)
class Delta:
    """A SELECT of the block's outputs and `__w`, the signed multiplicity."""

    sql: str
    positive: bool
    """Whether every multiplicity is above zero: nothing is retracted."""
    settled: bool = False
    """Whether every row with a multiplicity above zero is there after the change: none of them is
    taken back by another row of the same delta."""


def delta(block: Block, table: Table, event: Event, *, held: bool) -> Delta | None:
    """Return what an event on a table changes in the block, or None for nothing.

    held: other tables have changes that are not applied yet (one statement, several tables);
    read those tables as they were before.
    """
    terms: list[str] = []
    positive = settled = True
    for branch in block.branches:
        for position, leaf in enumerate(branch.leaves):
            if leaf.table.sql == table.sql and not (
                # An UPDATE of what nobody reads changes nothing, unless it counts rows.
                event == "update" and not _is_updated(table, branch.columns_of(leaf.alias))
            ):
                term = _Term(branch, position, event, held)
                terms.append(term.sql())
                positive = positive and term.positive
                settled = settled and term.settled
    return Delta("\n    union all\n    ".join(terms), positive, settled) if terms else None


def _is_updated(table: Table, names: Collection[str]) -> bool:
    """Whether an UPDATE may change one of these columns: of a state table, not its key."""
    return bool(set(names) - set(table.key if table.is_state else ()) or table.weight)


def needs_held(block: Block) -> bool:
    """Whether maintenance reads a base table beside the one that changed."""
    return any(
        len(branch.leaves) > 1 and any(not leaf.table.is_state for leaf in branch.leaves)
        for branch in block.branches
    )


class _Term:
    """The delta through one leaf of one branch."""

    def __init__(self, branch: Branch, position: int, event: Event, held: bool) -> None:
        self.branch = branch
        self.position = position
        self.leaf = branch.leaves[position]
        self.event = event
        self.held = held
        self.positive = event == "insert" and self.leaf.kind in ("inner", "semi") and not held
        # An UPDATE is consolidated, and what inner leaves make of a row that is there is there.
        occurrences = sum(leaf.table.sql == self.leaf.table.sql for leaf in branch.leaves)
        kinds = {leaf.kind for leaf in branch.leaves}
        self.settled = kinds == {"inner"} and occurrences == 1 and not held

    def sql(self) -> str:
        leaf = self.leaf
        source, weight = self._change(leaf)
        if leaf.kind == "inner":
            return self._joined(self.branch, leaf, source, weight)
        # The change itself joins as an inner leaf: null rows are part of it.
        driver = replace(leaf, kind="inner", keys=(), filter=(), residual=(), gate=())
        keys = [f"__k{i}" for i in range(1, len(leaf.keys) + 1)]
        linked = _linked(self.branch, leaf.alias, leaf.alias, keys)
        if not leaf.residual:
            return self._joined(
                linked, driver, self._changed(source, weight, keys), f"{ident(leaf.alias)}.__w"
            )
        flips = self._flips(source, weight, keys)
        if leaf.kind != "left":
            return flips
        shown = self._rows(source, weight, keys)
        where = (*linked.where, *leaf.residual)
        matched = self._joined(
            replace(linked, where=where), driver, f"({shown})", f"{ident(leaf.alias)}.__w"
        )
        return f"{matched}\n    union all\n    {flips}"

    def _joined(
        self, branch: Branch, driver: Leaf, source: str, weight: str, last: str = ""
    ) -> str:
        """The branch with its changed leaf exchanged for `driver`, which stands for the change."""
        others = [leaf for at, leaf in enumerate(branch.leaves) if at != self.position]
        ways = [
            self._other(leaf, at) for at, leaf in enumerate(branch.leaves) if at != self.position
        ]
        # A table without the changes that wait: they are few, or else as many as the statement's.
        indexed = {leaf.alias for leaf in others if self._waits(leaf)}
        branch = replace(branch, leaves=(driver, *others))
        branch, layers = share(branch, driver.alias)
        branch, layered = _layered(branch, source, driver.alias, layers)
        parts = []
        for chosen in itertools.product(*ways):
            sources = {driver.alias: layered}
            factors = [weight]
            for leaf, (other, factor) in zip(others, chosen, strict=True):
                if other is not None:
                    sources[leaf.alias] = other
                if factor is not None:
                    factors.append(factor)
            product = " * ".join(factors)
            parts.append(
                driven_sql(branch, driver.alias, sources, product, indexed=indexed, last=last)
            )
        return "\n    union all\n    ".join(parts)

    def _rows(self, source: str, weight: str, keys: list[str]) -> str:
        """The changed rows of a left leaf that can match at all, with their keys."""
        leaf, alias = self.leaf, ident(self.leaf.alias)
        named = [f"{render(inner)} as {k}" for (_, inner), k in zip(leaf.keys, keys, strict=True)]
        needed = [f"{alias}.{ident(name)}" for name in self.branch.columns_of(leaf.alias)]
        rows = _can_match(leaf)
        return (
            f"select {', '.join([*named, *needed, f'{weight} as __w'])}"
            f" from {source} as {alias} where {rows}"
        )

    def _changed(self, source: str, weight: str, keys: list[str]) -> str:
        """What a change of a left, semi or anti leaf is to the branch: keys, `__w`, columns.

        Found by key alone: keys whose matches came to be some, or none.
        """
        leaf, alias = self.leaf, ident(self.leaf.alias)
        pairs = list(zip(leaf.keys, keys, strict=True))
        named = [f"{render(inner)} as {key}" for (_, inner), key in pairs]
        grouping = f" group by {', '.join(str(i) for i in range(1, len(keys) + 1))}" if keys else ""
        net = (
            f"select {', '.join([*named, f'sum({weight}) as net'])}"
            f" from {source} as {alias} where {_can_match(leaf)}{grouping}"
            f" having sum({weight}) <> 0"
        )
        present = [f"{render(inner)} = net.{key}" for (_, inner), key in pairs]
        present += [render(node) for node in leaf.filter]
        count = self._count(" and ".join(present) or "true", "net.net")
        came = "case when now_there > 0 then 1 else -1 end as came"
        flips = (
            f"select {', '.join([*keys, came])}"
            f" from (select net.*, ({count}) as now_there from ({net}) as net) as counted"
            " where (now_there > 0) <> (now_there - net > 0)"
        )
        if leaf.kind in ("semi", "anti"):
            sign = "-" if leaf.kind == "anti" else ""
            return f"(select {', '.join([*keys, f'{sign}came as __w'])} from ({flips}) as flips)"
        nulls = [
            f"null::{leaf.table.column(name).type} as {ident(name)}"
            for name in self.branch.columns_of(leaf.alias)
        ]
        return (
            f"({self._rows(source, weight, keys)}"
            f" union all select {', '.join([*keys, *nulls, '-came'])} from ({flips}) as flips)"
        )

    def _count(self, present: str, net: str) -> str:
        """How many rows of the changed leaf match after the change; one more than `net` will do."""
        leaf = self.leaf
        current, factor = self._current(leaf)
        rows = f"select {factor or '1'} as w from {current} as {ident(leaf.alias)} where {present}"
        if current == leaf.table.sql:
            rows += f" limit greatest({net}, 0) + 1"
        return f"select coalesce(sum(w), 0) from ({rows}) as there"

    def _flips(self, source: str, weight: str, keys: list[str]) -> str:
        """Rows of the others that find their first match in the leaf, or lose their last.

        Where more than equality decides, each row that a changed row could match is asked:
        how many match now, and how many of the changed ones did. The changed rows of one key
        travel in arrays, so that nothing looks through the whole change for each row.
        """
        leaf, alias, changed = self.leaf, ident(self.leaf.alias), "__changed"
        names = sorted(
            {n for node in leaf.residual for a, n in references(node) if a == leaf.alias}
        )
        named = [f"{render(inner)} as {k}" for (_, inner), k in zip(leaf.keys, keys, strict=True)]
        kinds = {name: leaf.table.column(name).type for name in names}
        # array_agg() of arrays makes one array of more dimensions, so arrays go through text.
        carried = {
            name: f"{alias}.{ident(name)}{'::text' if kind.endswith('[]') else ''}"
            for name, kind in kinds.items()
        }
        arrays = [f"array_agg({sql}) as __a{i}" for i, sql in enumerate(carried.values(), 1)]
        grouping = f" group by {', '.join(str(i) for i in range(1, len(keys) + 1))}" if keys else ""
        gathered = (
            f"(select {', '.join([*named, *arrays, f'array_agg({weight}) as __ws'])}"
            f" from {source} as {alias} where {_can_match(leaf)}{grouping} having count(*) > 0)"
        )
        listed = [f"__a{i}" for i in range(1, len(names) + 1)]
        unnested = ", ".join(f"{changed}.{name}" for name in [*listed, "__ws"])
        back = [
            f"{name}::{kinds[column]} as {ident(column)}"
            for name, column in zip(listed, names, strict=True)
        ]
        those = (
            f"(select {', '.join([*back, '__ws as __w'])}"
            f" from unnest({unnested}) as u({', '.join([*listed, '__ws'])})) as {alias}"
        )
        holds = " and ".join(render(node) for node in leaf.residual)
        net = f"select coalesce(sum({alias}.__w), 0) from {those} where {holds}"
        count = self._count(matches(leaf), "netted.net")
        flip = (
            "lateral (select case when now_there > 0 then 1 else -1 end as came"
            f" from (select net, ({count}) as now_there from (select ({net}) as net offset 0)"
            " as netted where net <> 0 offset 0) as counted"
            " where (now_there > 0) <> (now_there - net > 0)) as __flip"
        )

        def without(found: exp.Column) -> exp.Expr:
            """The leaf's columns are NULL in the rows that come and go here."""
            if found.table != leaf.alias:
                return found
            kind = data_type(leaf.table.column(found.name).type)
            return exp.Cast(this=exp.Null(), to=kind)

        others = _linked(moved(self.branch, substitution(without)), leaf.alias, changed, keys)
        driver = Leaf(changed, replace(leaf.table, columns=()))
        sign = "" if leaf.kind == "semi" else "-"
        return self._joined(others, driver, gathered, f"{sign}__flip.came", flip)

    def _change(self, leaf: Leaf) -> tuple[str, str]:
        """The change of the leaf's table: FROM item, multiplicity of a row."""
        table, alias = leaf.table, ident(leaf.alias)
        if self.event != "update":
            weight = f"{alias}.{ident(table.weight)}" if table.weight else "1"
            return ("new_rows", weight) if self.event == "insert" else ("old_rows", f"-{weight}")
        names = self.branch.columns_of(leaf.alias)
        return f"({consolidated_change(table, names)})", f"{alias}.__w"

    def _other(self, leaf: Leaf, position: int) -> list[Way]:
        """How a leaf that did not change is read; the ways add up."""
        table, alias = leaf.table, ident(leaf.alias)
        before = table.sql == self.leaf.table.sql and self._is_before(leaf, position)
        held = self.held and not table.is_state
        if leaf.kind != "inner":
            if before or held:
                return [(self._as_it_was(leaf, before=before), None)]
            if leaf.kind == "left" and table.weight:
                return [(None, f"coalesce({alias}.{ident(table.weight)}, 1)")]
            return [(None, None)]
        now: Way = (None, f"{alias}.{ident(table.weight)}" if table.weight else None)
        if not before and not held:
            return [now]
        self.positive = False
        names = self.branch.columns_of(leaf.alias)
        if held:
            return [(f"({self._signed(leaf, names, before=before)})", f"{alias}.__w")]
        # T as it was is T as it is, by index, less the change, which is joined on its own.
        change, weight = self._change(leaf)
        if change in ("new_rows", "old_rows"):
            change = f"(select * from {change} where penstock_fresh)"
        else:
            change = f"(select * from {change} as changed where penstock_fresh)"
        return [now, (change, f"-({weight})")]

    def _waits(self, leaf: Leaf) -> bool:
        """Whether a leaf of another table is read without the changes that wait."""
        return self.held and not leaf.table.is_state and leaf.table.sql != self.leaf.table.sql

    def _is_before(self, leaf: Leaf, position: int) -> bool:
        """Whether another occurrence of the changed table is read as it was.

        Any order will do. Left, semi and anti leaves change first: then they are read as they
        are, by index, when the inner leaves change.
        """

        def order(kind: str, at: int) -> int:
            return at if kind == "inner" else -1 - at

        return order(leaf.kind, position) > order(self.leaf.kind, self.position)

    def _signed(self, leaf: Leaf, names: list[str], *, before: bool, where: str = "") -> str:
        """A leaf's table as a Z-set, as it was before what waits or, `before`, what changed."""
        signed = signed_current(leaf.table, names, self.held, leaf.alias, where)
        return signed + (_undo(leaf, names, self.event, where) if before else "")

    def _current(self, leaf: Leaf) -> tuple[str, str | None]:
        """The changed leaf's table after the change: FROM item, multiplicity of a row."""
        if self.held and not leaf.table.is_state:
            names = self.branch.columns_of(leaf.alias)
            return f"({signed_current(leaf.table, names, held=True)})", f"{ident(leaf.alias)}.__w"
        weight = leaf.table.weight
        return leaf.table.sql, f"{ident(leaf.alias)}.{ident(weight)}" if weight else None

    def _as_it_was(self, leaf: Leaf, *, before: bool) -> str:
        """The rows of a left, semi or anti leaf that match, as they were."""
        names = self.branch.columns_of(leaf.alias)
        if before and not self.held and leaf.table.has_set_key:
            return self._by_key(leaf, names)
        if not names:
            rows = self._signed(leaf, names, before=before, where=matches(leaf))
            return (
                f"lateral (select from (select sum(__w) as n from ({rows}) as was) as counted"
                " cross join generate_series(1, n))"
            )
        kinds = [leaf.table.column(name) for name in names]
        rows = consolidate(self._signed(leaf, names, before=before, where=matches(leaf)), kinds)
        listed = ", ".join(f"was.{ident(name)}" for name in names)
        return (
            f"lateral (select {listed} from ({rows}) as was cross join generate_series(1, was.__w))"
        )

    def _by_key(self, leaf: Leaf, names: list[str]) -> str:
        """Matching rows before the event: those that it did not write, and those it removed."""
        alias, match = ident(leaf.alias), matches(leaf)
        listed = ", ".join(f"{alias}.{ident(name)}" for name in names)
        text = f"select {listed} from {leaf.table.sql} as {alias} where {match}"
        if self.event != "delete":
            # Hashed once: looking through the change for each row would be quadratic.
            mine = ", ".join(f"{alias}.{ident(name)}" for name in leaf.table.key)
            theirs = ", ".join(ident(name) for name in leaf.table.key)
            text += f" and ({mine}) not in (select {theirs} from new_rows where penstock_fresh)"
        if self.event != "insert":
            text += (
                f" union all select {listed} from old_rows as {alias}"
                f" where penstock_fresh and {match}"
            )
        return f"lateral ({text})"


def _linked(branch: Branch, alias: str, driver: str, keys: list[str]) -> Branch:
    """Return the branch with a leaf's keys as conditions on columns of `driver`, and its gate."""
    conditions = [
        exp.EQ(this=outer.copy(), expression=column(driver, key))
        for (outer, _), key in zip(branch.leaf(alias).keys, keys, strict=True)
    ]
    return replace(branch, where=(*branch.where, *conditions, *branch.leaf(alias).gate))


def _can_match(leaf: Leaf) -> str:
    """Which rows of a leaf can match at all: keys that are set, and its own conditions."""
    # Of a composite, IS NOT NULL would ask whether every field is there.
    known = [f"{render(inner)} is distinct from null" for _, inner in leaf.keys]
    return " and ".join([*known, *(render(node) for node in leaf.filter)]) or "true"


def _layered(branch: Branch, source: str, alias: str, layers: list[Layer]) -> tuple[Branch, str]:
    """Wrap a FROM item in subqueries that compute further columns of it, once a row.

    What the branch asks of the item's own columns is asked first, and of nobody after.
    """
    if not layers:
        return branch, source
    first = [is_asked_first(node, alias, layers) for node in branch.where]
    asked = [render(node) for node in itertools.compress(branch.where, first)]
    where = f"\n    where {' and '.join(asked)}" if asked else ""
    for layer in layers:
        computed = ", ".join(f"{render(node)} as {ident(name)}" for name, node in layer.items())
        source = f"(select *, {computed}\n    from {source} as {ident(alias)}{where} offset 0)"
        where = ""
    last = tuple(node for node, is_first in zip(branch.where, first, strict=True) if not is_first)
    return replace(branch, where=last), source


def signed_current(
    table: Table, names: list[str], held: bool, alias: str = "t", where: str = ""
) -> str:
    """A table as a Z-set; with `held`, without the changes that wait."""
    parts = [_signed_part(table.sql, table, names, "", alias, where)]
    if held and not table.is_state:
        new, old = held_names(table)
        parts.append(_signed_part(new, table, names, "-", alias, where))
        parts.append(_signed_part(old, table, names, "", alias, where))
    return " union all ".join(parts)


def _undo(leaf: Leaf, names: list[str], event: Event, where: str) -> str:
    """What takes a Z-set back to before the event."""
    text = ""
    known = f"penstock_fresh and {where}" if where else "penstock_fresh"
    if event in ("insert", "update"):
        part = _signed_part("new_rows", leaf.table, names, "-", leaf.alias, known)
        text += f" union all {part}"
    if event in ("delete", "update"):
        part = _signed_part("old_rows", leaf.table, names, "", leaf.alias, known)
        text += f" union all {part}"
    return text


def _signed_part(
    source: str, table: Table, names: list[str], sign: str, alias: str, where: str
) -> str:
    weight = f"{ident(alias)}.{ident(table.weight)}" if table.weight else "1"
    listed = "".join(f"{ident(alias)}.{ident(name)}, " for name in names)
    condition = f" where {where}" if where else ""
    return f"select {listed}{sign}{weight} as __w from {source} as {ident(alias)}{condition}"
