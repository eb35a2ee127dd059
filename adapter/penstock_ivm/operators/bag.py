"""A linear block kept as rows: filter, project, join, UNION ALL.

Linear operators need no state to compute their delta; the state table *is* the view. Rows
are named by the keys of the tables they come from; where a table has none, or several
branches meet, equal-looking rows are one row with a multiplicity (KeylessBag).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from penstock_ivm.block import Branch, Leaf, driven_sql, full_sql
from penstock_ivm.changes import consolidate
from penstock_ivm.delta import Delta, Event, needs_held
from penstock_ivm.expressions import aliases, column, references, render
from penstock_ivm.operators.aggregate import Aggregate
from penstock_ivm.operators.stage import Lookup, Stage, merge
from penstock_ivm.relation import WEIGHT, Table
from penstock_ivm.session import ident
from penstock_ivm.upkeep import Method, Upkeep

ROW_ID = "__row"


@dataclass(frozen=True)
class Bag(Stage):
    """Rows named by the keys of their sources, which are among the block's outputs."""

    rule: ClassVar[str] = "linear: the delta is the change of the view"

    @property
    def upkeep(self) -> Upkeep:
        """See Stage.upkeep."""
        return Upkeep(
            Method.DELTA,
            "its rows, named by their sources' keys",
            "the rows that it makes or unmakes",
        )

    def build_sql(self) -> str:
        """See Stage.build_sql."""
        return full_sql(self.block)

    def in_place(self, table: Table, event: Event) -> str | None:
        """Take an updated row's new version to the row it made, without looking at the old one.

        Maintenance never changes a state table's key. Where that key names this table's rows
        too, an UPDATE there is an UPDATE here, or the row comes or goes with the conditions.
        """
        (branch,) = self.block.branches
        leaves = [leaf for leaf in branch.leaves if leaf.table.sql == table.sql]
        (leaf, *others) = leaves
        own = {render(column(leaf.alias, name)) for name in table.key}
        if (
            event != "update"
            or not table.is_state
            or others
            or leaf.kind != "inner"
            or not table.key
            or {render(branch.outputs[name]) for name in self.table.key} != own
            or any(other.table.weight for other in branch.leaves)
            or branch.calls
            or needs_held(self.block)
        ):
            return None
        keys = {name: render(branch.outputs[name]) for name in self.table.key}
        if _moves(branch, leaf):
            return self._look_again(branch, leaf, keys)
        return self._carry_over(branch, leaf, keys)

    def _carry_over(self, branch: Branch, leaf: Leaf, keys: dict[str, str]) -> str:
        """Write the leaf's own columns to the rows it made: they stay, whatever is joined."""
        own = {
            name: render(node)
            for name, node in branch.outputs.items()
            if name not in keys and aliases(node) == {leaf.alias}
        }
        if not own:
            return ""
        named = ", ".join(f"{sql} as {ident(name)}" for name, sql in (keys | own).items())
        assigned = ", ".join(f"{ident(name)} = k.{ident(name)}" for name in own)
        after = ", ".join(
            f"{'k' if c.name in own else 'state'}.{ident(c.name)}" for c in self.table.columns
        )
        return f"""update {self.table.sql} as state set {assigned}
from new_rows as {ident(leaf.alias)}
cross join lateral (select {named}) as k
cross join {self.found("k")}
where state.ctid = s.__ctid and (state.*) *<> row({after})::{self.table.sql};"""

    def _look_again(self, branch: Branch, leaf: Leaf, keys: dict[str, str]) -> str:
        """Compute again what each updated row makes, which may be nothing now, or something."""
        listed = ", ".join(
            f"{keys[c.name]} as {ident(c.name)}" if c.name in keys else f"made.{ident(c.name)}"
            for c in self.table.columns
        )
        made = driven_sql(branch, leaf.alias, {leaf.alias: ""}, None)
        named = ", ".join(f"{sql} as {ident(name)}" for name, sql in keys.items())
        ctes = f"""merged as (
    select {listed}, s.__ctid, made.__made is true as __alive
    from new_rows as {ident(leaf.alias)}
    cross join lateral (select {named}) as k
    left join {self.found("k")} on true
    left join lateral (
        select true as __made, {made.removeprefix("select ")}
    ) as made on true
)"""
        return merge(self, ctes)

    def lookups(self) -> list[Lookup]:
        """The source's key within the view: the state's own index serves."""
        return []

    def statements(self, change: Delta, event: Event) -> str:  # noqa: ARG002
        """See Stage.statements."""
        names = [column.name for column in self.table.columns]
        listed = ", ".join(ident(name) for name in names)
        if change.positive:
            return f"insert into {self.table.sql} ({listed})\n{_unweighted(change.sql, listed)};"
        keys = ", ".join(f"d.{ident(name)}" for name in self.table.key)
        picked = ", ".join(f"d.{ident(name)}" for name in names)
        ctes = f"""delta as (
    {consolidate(change.sql, list(self.table.columns))}
),
merged as (
    select distinct on ({keys}) {picked}, s.__ctid, d.__w > 0 as __alive
    from delta as d
    left join {self.found("d")} on true
    order by {keys}, d.__w desc
)"""
        return merge(self, ctes)


def _moves(branch: Branch, leaf: Leaf) -> bool:
    """Whether a change beside the leaf's key may reach what the leaf is joined with."""
    joined = [*branch.where]
    for other in branch.leaves:
        joined += [*other.filter, *other.residual, *other.gate]
        joined += [node for pair in other.keys for node in pair]
    joined += [node for node in branch.outputs.values() if aliases(node) - {leaf.alias}]
    used = {name for node in joined for alias, name in references(node) if alias == leaf.alias}
    return not used <= set(leaf.table.key)


def _unweighted(sql: str, listed: str) -> str:
    return f"select {listed} from (\n    {sql}\n) as delta"


def image(names: list[str], alias: str) -> str:
    """Write the name of a row: a hash of how it looks.

    sha256, because customers choose what is in the rows and md5 collisions can be made.
    """
    listed = ", ".join(f"{alias}.{ident(name)}" for name in names)
    return f"sha256(convert_to(row({listed})::text, 'UTF8'))"


@dataclass(frozen=True)
class KeylessBag(Aggregate):
    """Equal-looking rows once, with their multiplicity."""

    rule: ClassVar[str] = "linear: the delta adds to multiplicities"
    count: str = WEIGHT

    @property
    def upkeep(self) -> Upkeep:
        """See Stage.upkeep."""
        return Upkeep(
            Method.DELTA,
            "its distinct rows, each with how often it occurs",
            "the rows that it makes or unmakes",
        )

    def build_sql(self) -> str:
        """See Stage.build_sql."""
        rows = f"select *, {image(list(self.carried), 'rows')} as {ident(ROW_ID)}"
        picked = "".join(f", {ident(name)}" for name in self.carried)
        return (
            f"select distinct on ({ident(ROW_ID)}) {ident(ROW_ID)}{picked},"
            f" count(*) over (partition by {ident(ROW_ID)}) as {ident(WEIGHT)}"
            f" from ({rows} from ({full_sql(self.block)}) as rows) as named"
        )

    def statements(self, change: Delta, event: Event) -> str:
        """See Stage.statements."""
        named = (
            f"select rows.*, {image(list(self.carried), 'rows')} as {ident(ROW_ID)}"
            f" from ({change.sql}) as rows"
        )
        return super().statements(Delta(named, change.positive), event)
