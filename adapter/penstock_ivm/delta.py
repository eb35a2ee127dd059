"""The delta of a linear block when one of its tables changes.

A change of table T arrives as transition tables new_rows and old_rows. Linear operators map
it directly; joins are bilinear: with the other leaves as they are now, each occurrence of T
is exchanged for its change in turn, and occurrences to the right of it for T as it was
before, so that nothing counts twice (inclusion and exclusion; Budiu et al., DBSP, 2023).
A left, semi or anti join looks at the keys of the change only: the counts before and after
tell which null rows, or which outer rows, come and go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Leaf, driven_sql, select_sql
from penstock_ivm.expressions import column, render
from penstock_ivm.names import fit
from penstock_ivm.passes.sharing import Layer, share
from penstock_ivm.relation import STATE, Column, Table
from penstock_ivm.session import ident, qualified

Event = Literal["insert", "delete", "update"]
EVENTS: tuple[Event, ...] = ("insert", "update", "delete")


@dataclass(frozen=True)
class Delta:
    """A SELECT of the block's outputs and `__w`, the signed multiplicity."""

    sql: str
    positive: bool
    """Whether every multiplicity is above zero: nothing is retracted."""


def delta(block: Block, table: Table, event: Event, *, held: bool) -> Delta | None:
    """Return what an event on a table changes in the block, or None for nothing.

    held: other tables have changes that are not applied yet (one statement, several tables);
    read those tables as they were before.
    """
    terms: list[str] = []
    positive = True
    for branch in block.branches:
        for position, leaf in enumerate(branch.leaves):
            if leaf.table.sql == table.sql and not (
                event == "update" and not branch.columns_of(leaf.alias)
            ):
                term = _Term(branch, position, event, held)
                terms.append(term.sql())
                positive = positive and term.positive
    return Delta("\n    union all\n    ".join(terms), positive) if terms else None


def needs_held(block: Block) -> bool:
    """Whether maintenance reads a base table beside the one that changed."""
    return any(
        len(branch.leaves) > 1 and any(not leaf.table.is_state for leaf in branch.leaves)
        for branch in block.branches
    )


def held_names(table: Table) -> tuple[str, str]:
    """The tables that hold (inserted, deleted) rows of a base table, qualified."""
    stem = f"{table.schema}__{table.name}"
    return (
        qualified(STATE, fit(f"held_new__{stem}")),
        qualified(STATE, fit(f"held_old__{stem}")),
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

    def sql(self) -> str:
        sources: dict[str, str] = {}
        factors: list[str] = []
        leaves: list[Leaf] = []
        where = list(self.branch.where)
        for position, leaf in enumerate(self.branch.leaves):
            if position == self.position:
                source, weight, keys = self._changed()
                sources[leaf.alias] = source
                factors.append(weight)
                where += [
                    exp.EQ(this=outer.copy(), expression=column(leaf.alias, key))
                    for (outer, _), key in zip(leaf.keys, keys, strict=True)
                ]
                # The change itself joins as an inner leaf: null rows are part of it.
                own_filter = leaf.filter if leaf.kind == "inner" else ()
                leaves.insert(0, replace(leaf, kind="inner", keys=(), filter=own_filter))
                continue
            leaves.append(leaf)
            other, factor = self._other(leaf, position)
            if other is not None:
                sources[leaf.alias] = other
            if factor is not None:
                factors.append(factor)
        branch = replace(self.branch, leaves=tuple(leaves), where=tuple(where))
        branch, layers = share(branch, self.leaf.alias)
        changed = sources.get(self.leaf.alias, self.leaf.table.sql)
        sources[self.leaf.alias] = _layered(changed, self.leaf.alias, layers)
        weight = " * ".join(factors)
        if len(sources) > 1:
            # A change meets a change, or a table as it was: no index leads there.
            return select_sql(branch, sources, weight)
        return driven_sql(branch, self.leaf.alias, sources, weight)

    def _changed(self) -> tuple[str, str, list[str]]:
        """FROM item, multiplicity and key columns for the leaf that changed."""
        leaf = self.leaf
        source, weight = self._change(leaf)
        if leaf.kind == "inner":
            return source, weight, []
        keys = [f"__k{i}" for i in range(1, len(leaf.keys) + 1)]
        named = ", ".join(
            f"{render(inner)} as {key}" for (_, inner), key in zip(leaf.keys, keys, strict=True)
        )
        listed = ", ".join(keys)
        known = [f"{render(inner)} is not null" for _, inner in leaf.keys]
        rows = " and ".join([*known, *(render(node) for node in leaf.filter)])
        alias = ident(leaf.alias)
        net = (
            f"select {named}, sum({weight}) as net from {source} as {alias} where {rows}"
            f" group by {', '.join(str(i + 1) for i in range(len(keys)))}"
            f" having sum({weight}) <> 0"
        )
        present = " and ".join(
            [
                f"{render(inner)} = net.{key}"
                for (_, inner), key in zip(leaf.keys, keys, strict=True)
            ]
            + [render(node) for node in leaf.filter]
        )
        current, factor = self._current(leaf)
        count = (
            f"select coalesce(sum({factor or '1'}), 0) from {current} as {alias} where {present}"
        )
        flips = (
            f"select {listed}, case when now_there > 0 then 1 else -1 end as came"
            f" from (select net.*, ({count}) as now_there from ({net}) as net) as counted"
            " where (now_there > 0) <> (now_there - net > 0)"
        )
        if leaf.kind == "semi":
            return f"(select {listed}, came as __w from ({flips}) as flips)", f"{alias}.__w", keys
        if leaf.kind == "anti":
            return f"(select {listed}, -came as __w from ({flips}) as flips)", f"{alias}.__w", keys
        needed = self.branch.columns_of(leaf.alias)
        columns = "".join(f", {alias}.{ident(name)}" for name in needed)
        nulls = "".join(
            f", null::{leaf.table.column(name).type} as {ident(name)}" for name in needed
        )
        return (
            f"(select {named}{columns}, {weight} as __w from {source} as {alias} where {rows}"
            f" union all select {listed}{nulls}, -came from ({flips}) as flips)",
            f"{alias}.__w",
            keys,
        )

    def _change(self, leaf: Leaf) -> tuple[str, str]:
        """The change of the leaf's table: FROM item, multiplicity of a row."""
        table, alias = leaf.table, ident(leaf.alias)
        if self.event != "update":
            weight = f"{alias}.{ident(table.weight)}" if table.weight else "1"
            return ("new_rows", weight) if self.event == "insert" else ("old_rows", f"-{weight}")
        names = self.branch.columns_of(leaf.alias)
        return f"({consolidated_change(table, names)})", f"{alias}.__w"

    def _other(self, leaf: Leaf, position: int) -> tuple[str | None, str | None]:
        """FROM item (None: the table itself) and multiplicity of a leaf that did not change."""
        table = leaf.table
        before = table.sql == self.leaf.table.sql and position > self.position
        if leaf.kind == "inner":
            if before or (self.held and not table.is_state):
                self.positive = False
                names = self.branch.columns_of(leaf.alias)
                signed = signed_current(table, names, self.held)
                if before:
                    signed += _undo(table, names, self.event)
                return f"({signed})", f"{ident(leaf.alias)}.__w"
            return None, f"{ident(leaf.alias)}.{ident(table.weight)}" if table.weight else None
        if self.held and not table.is_state:
            return self._as_it_was(leaf), None
        if leaf.kind == "left" and table.weight:
            return None, f"coalesce({ident(leaf.alias)}.{ident(table.weight)}, 1)"
        return None, None

    def _current(self, leaf: Leaf) -> tuple[str, str | None]:
        """The changed leaf's table after the change: FROM item, multiplicity of a row."""
        if self.held and not leaf.table.is_state:
            names = self.branch.columns_of(leaf.alias)
            return f"({signed_current(leaf.table, names, held=True)})", f"{ident(leaf.alias)}.__w"
        weight = leaf.table.weight
        return leaf.table.sql, f"{ident(leaf.alias)}.{ident(weight)}" if weight else None

    def _as_it_was(self, leaf: Leaf) -> str:
        """The table of a left, semi or anti leaf without the changes that are held.

        Rows that look the same are numbered, and as many left out as are held.
        """
        table = leaf.table
        new, old = held_names(table)
        names = self.branch.columns_of(leaf.alias)
        listed = ", ".join(ident(name) for name in names)
        alias = ident(leaf.alias)
        match = " and ".join(
            [f"{render(outer)} = {render(inner)}" for outer, inner in leaf.keys]
            + [render(node) for node in leaf.filter]
        )
        picked = ", ".join(f"{alias}.{ident(name)}" for name in names)
        image = f"row({picked})::text"
        return (
            f"lateral (select {listed} from (select {picked}, {image} as image, row_number() over"
            f" (partition by {image}) as number from {table.sql} as {alias} where {match})"
            f" as present where number > (select count(*) from {new} as {alias}"
            f" where {match} and {image} = present.image)"
            f" union all select {picked} from {old} as {alias} where {match})"
        )


def _layered(source: str, alias: str, layers: list[Layer]) -> str:
    """Wrap a FROM item in subqueries that compute further columns of it, once a row."""
    for layer in layers:
        computed = ", ".join(f"{render(node)} as {ident(name)}" for name, node in layer.items())
        source = f"(select *, {computed}\n    from {source} as {ident(alias)} offset 0)"
    return source


def signed_current(table: Table, names: list[str], held: bool) -> str:
    """A table as a Z-set; with `held`, without the changes that wait."""
    weight = ident(table.weight) if table.weight else "1"
    listed = "".join(f"{ident(name)}, " for name in names)
    text = f"select {listed}{weight} as __w from {table.sql}"
    if held and not table.is_state:
        new, old = held_names(table)
        text += f" union all select {listed}-1 from {new} union all select {listed}1 from {old}"
    return text


def _undo(table: Table, names: list[str], event: Event) -> str:
    """What takes a Z-set back to before the event."""
    weight = ident(table.weight) if table.weight else "1"
    listed = "".join(f"{ident(name)}, " for name in names)
    text = ""
    if event in ("insert", "update"):
        text += f" union all select {listed}-{weight} from new_rows where penstock_fresh"
    if event in ("delete", "update"):
        text += f" union all select {listed}{weight} from old_rows where penstock_fresh"
    return text


def consolidated_change(table: Table, names: list[str]) -> str:
    """An UPDATE as a Z-set over some columns, without rows that did not change in them."""
    weight = ident(table.weight) if table.weight else "1"
    listed = ", ".join(ident(name) for name in names)
    both = (
        f"select {listed}, {weight} as __w from new_rows"
        f" union all select {listed}, -{weight} from old_rows"
    )
    return consolidate(both, [table.column(name) for name in names])


def consolidate(sql: str, columns: list[Column]) -> str:
    """Add up a Z-set and drop its zeros.

    Rows are the same when they look the same: 1.0 and 1.00 are equal and not the same, so
    types whose equality is coarser than their text are grouped by their text.
    """
    picked, keys = [], []
    for col in columns:
        name = ident(col.name)
        if col.is_faithful:
            picked.append(name)
            keys.append(name)
        else:
            picked.append(f"{col.any_of} as {name}")
            keys.append(f"{name}::text")
    return (
        f"select {', '.join(picked)}, sum(__w)::bigint as __w from ({sql}) as changes"
        f" group by {', '.join(keys)} having sum(__w) <> 0"
    )
