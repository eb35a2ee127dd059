"""Window functions and top-n: the partitions that a change touches are computed again.

A row's rank, or its running sum, hangs on the rows beside it, so a delta says nothing of the
rows that stand; but it says which partitions they are in. Those, and only those, are read
again by index, and what differs from the state is written. A top-n reads no further than its
last row: the index is in its order.
Source: Gupta, Mumick, "Maintenance of Materialized Views", IEEE Data Eng. Bull. 18(2), 1995
(recompute by affected key); Yi et al., "Efficient Maintenance of Materialized Top-k Views",
ICDE 2003.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from sqlglot import exp

from penstock_ivm.block import Branch, Condition, Leaf, driven_sql, full_sql
from penstock_ivm.delta import Delta, Event
from penstock_ivm.expressions import aliases, column, render
from penstock_ivm.keys import equal, looked_up, matches, within
from penstock_ivm.operators.bag import ROW_ID, image
from penstock_ivm.operators.lookup import key_lookups, rows_of_key
from penstock_ivm.operators.stage import Lookup, Stage, merge
from penstock_ivm.ordering import OrderKey, order_by, ordered_sql
from penstock_ivm.relation import WEIGHT, Column
from penstock_ivm.session import ident
from penstock_ivm.temporal import has_clock
from penstock_ivm.upkeep import Method, Upkeep


@dataclass(frozen=True)
class Top:
    """ORDER BY … OFFSET … FETCH FIRST, within each partition.

    limit, offset: numbers as SQL. ties: rows equal to the last one in the order stay too.
    """

    order: tuple[OrderKey, ...]
    limit: str | None
    offset: str | None = None
    ties: bool = False

    def clause(self, ordering: str, *, reach: bool = False) -> str:
        """Write ORDER BY with what is kept; reach: with the rows that OFFSET leaves out."""
        limit, offset = self.limit, self.offset
        if reach and offset is not None:
            limit, offset = (limit and f"{limit} + {offset}"), None
        if self.ties and not ordering:
            limit = None  # all rows are equal
        text = f"order by {ordering}" if ordering else ""
        text += f" offset {offset}" if offset is not None else ""
        if limit is not None:
            text += f" fetch first ({limit}) rows {'with ties' if self.ties else 'only'}"
        return text


@dataclass(frozen=True)
class Partition(Stage):
    """block outputs: partition keys, what the expressions read, what is shown.

    partition: the keys; none means that the whole input is one partition. shown: the outputs
    that the state keeps. computed: state column -> expression over the outputs. top: which
    rows of a partition stay.
    """

    rule: ClassVar[str] = "partition: compute the partitions of the delta again, write what differs"
    partition: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    computed: dict[str, exp.Expr] = field(default_factory=dict, hash=False)
    top: Top | None = None

    @property
    def upkeep(self) -> Upkeep:
        """See Stage.upkeep."""
        one = "its partition" if self.partition else "the whole input"
        if self.top is None:
            state = "its rows, with what is computed for each"
            return Upkeep(Method.RECOMPUTE, state, f"the rows of {one}")
        state = f"the rows that stay of {'each partition' if self.partition else 'all'}"
        if self.top.limit is None:
            return Upkeep(Method.RECOMPUTE, state, f"the rows of {one}")
        of = "of its partition, in order, by index" if self.partition else "in order, by index"
        passed = " and those that OFFSET passes" if self.top.offset is not None else ""
        return Upkeep(Method.RECOMPUTE, state, f"the rows that stay{passed} {of}")

    @property
    def _has_names(self) -> bool:
        """Whether rows are named by the keys of their sources."""
        return self.table.key != (ROW_ID,)

    def partition_keys(self) -> list[Column]:
        """The partition keys as columns of the state."""
        return [self.table.column(name) for name in self.partition]

    def build_sql(self) -> str:
        """See Stage.build_sql."""
        body = f"({full_sql(self.block)}) as body"
        if self.top is not None and not self.partition:
            body = f"(select * from {body} {self.top.clause(order_by(self.top.order))}) as body"
        elif self.top is not None:
            number = "rank" if self.top.ties else "row_number"
            by = ", ".join(ident(name) for name in self.partition)
            ordering = f" order by {order_by(self.top.order)}" if self.top.order else ""
            body = (
                f"(select *, {number}() over (partition by {by}{ordering}) as __number"
                f" from {body}) as body where __number <= {self.top.limit}"
            )
        return self._as_state(f"select {self._listed()} from {body}")

    def lookups(self) -> list[Lookup]:
        """Rows of a partition, in the order of a top-n, and the state's rows of it."""
        found = key_lookups(self.block, self.partition_keys(), always=True)
        if self.top is not None and self.top.limit is not None:
            found = [_in_order(b, self.partition_keys(), self.top) for b in self.block.branches]
        terms = [
            term
            for key in self.partition_keys()
            for term in looked_up(key, column("state", key.name))
        ]
        return [*found, Lookup(self.table, tuple(terms))] if terms else found

    def statements(self, change: Delta, event: Event) -> str:  # noqa: ARG002
        """See Stage.statements."""
        keys = self.partition_keys()
        touched = f"select distinct {', '.join(ident(key.name) for key in keys)} from delta"
        stood = (
            f"select s.* from touched as d cross join lateral (select t.*, t.ctid as __ctid"
            f" from {self.table.sql} as t where {matches(keys, 't', 'd')} offset 0) as s"
        )
        rows = f"select {self._listed()} from ({self._rows(keys)}) as body"
        if not keys:
            touched = "select true as __any from delta limit 1"
            stood = (
                f"select t.*, t.ctid as __ctid from {self.table.sql} as t"
                " where exists (select from touched)"
            )
            # Whoever is not asked for by a change does not run.
            rows += " where d.__any"
        made = self._as_state(
            f"select n.* from touched as d cross join lateral (\n        {rows}\n    ) as n"
        )
        listed = ", ".join(f"n.{ident(c.name)}" for c in self.table.columns)
        stands = ", ".join(f"s.{ident(c.name)}" for c in self.table.columns)
        # Most rows of a partition are what they were: they go no further.
        differs = f"row({listed})::{self.table.sql} *<> row({stands})::{self.table.sql}"
        ctes = f"""delta as (
    {change.sql}
),
touched as (
    {touched}
),
made as (
    {made}
),
stood as (
    {stood}
),
merged as (
    select {listed}, s.__ctid, n.__made is true as __alive
    from (select *, true as __made from made) as n
    full join stood as s on {self._same_row("n", "s")}
    where s.__ctid is null or n.__made is null or {differs}
)"""
        return merge(self, ctes)

    def without(self, unread: set[str]) -> Partition:
        """Return the stage without state columns that nobody reads."""
        needed = {*self.table.key, *self.partition}
        shown = tuple(name for name in self.shown if name in needed or name not in unread)
        computed = {name: node for name, node in self.computed.items() if name not in unread}
        read = {*shown, *(key.name for key in (self.top.order if self.top else ()))}
        read |= {found.name for node in computed.values() for found in node.find_all(exp.Column)}
        outputs = {
            name: [branch.outputs[name] for branch in self.block.branches]
            for name in self.block.names
            if name in read
        }
        kept = {*shown, *computed, ROW_ID, WEIGHT}
        columns = tuple(c for c in self.table.columns if c.name in kept)
        return replace(
            self,
            block=self.block.with_outputs(outputs),
            shown=shown,
            computed=computed,
            table=replace(self.table, columns=columns),
        )

    def _listed(self) -> str:
        picked = [ident(name) for name in self.shown]
        picked += [f"{render(node)} as {ident(name)}" for name, node in self.computed.items()]
        return ", ".join(picked)

    def _as_state(self, rows: str) -> str:
        """Rows as the state keeps them: where they have no names, equal-looking ones once."""
        if self._has_names:
            return rows
        names = [*self.shown, *self.computed]
        picked = "".join(f", {ident(name)}" for name in names)
        return (
            f"select distinct on ({ident(ROW_ID)}) {ident(ROW_ID)}{picked},"
            f" count(*) over (partition by {ident(ROW_ID)}) as {ident(WEIGHT)}"
            f" from (select *, {image(names, 'rows')} as {ident(ROW_ID)} from ({rows}) as rows)"
            " as named"
        )

    def _rows(self, keys: list[Column]) -> str:
        """The block's rows of the partition of `d`, as they are now."""
        if self.top is None or self.top.limit is None:
            # A window's order would be looked for in any index that has it: OFFSET 0.
            text = rows_of_key(self.block, keys, "d") if keys else full_sql(self.block)
            if self.top is None:
                return f"{text} offset 0"
            return f"select * from ({text}) as body {self.top.clause(order_by(self.top.order))}"
        several = len(self.block.branches) > 1
        parts = []
        for branch in self.block.branches:
            rows, ordering = _in_sequence(branch, keys, self.top)
            parts.append(f"({rows}\n    {self.top.clause(ordering, reach=several)})")
        if not several:
            return parts[0]
        text = "\n    union all\n    ".join(parts)
        return f"select * from ({text}) as body {self.top.clause(order_by(self.top.order))}"

    def _same_row(self, left: str, right: str) -> str:
        """Equal names that look the same: a state row's name never changes in place."""
        found = [matches(self.keys(), left, right)]
        found += [
            f"array[{left}.{ident(key.name)}::text] = array[{right}.{ident(key.name)}::text]"
            for key in self.keys()
            if not key.is_faithful
        ]
        return " and ".join(found)


def driver(branch: Branch, nodes: list[exp.Expr]) -> Leaf | None:
    """The one inner leaf that all these expressions read, or None where there is none."""
    used = {alias for node in nodes for alias in aliases(node)}
    if len(used) != 1:
        return None
    return next((leaf for leaf in branch.of_kind("inner") if leaf.alias in used), None)


def is_served(branch: Branch, partition: tuple[str, ...], top: Top | None) -> bool:
    """Whether an index on one leaf finds a partition's rows, and for a top-n in its order.

    A top-n also wants every condition on that leaf: else rows are read and left out, and no
    index tells how many. No index holds what depends on a clock.
    """
    nodes = [branch.outputs[name] for name in partition]
    if has_clock(*nodes):
        return False
    if top is None or top.limit is None:
        return not any(map(aliases, nodes)) or driver(branch, nodes) is not None
    nodes += [branch.outputs[key.name] for key in top.order]
    leaf = driver(branch, nodes)
    return (
        leaf is not None
        and len(list(branch.of_kind("inner"))) == 1
        and not list(branch.of_kind("semi", "anti"))
        and not branch.calls
        and all(aliases(node) == {leaf.alias} for node in branch.where)
        and not has_clock(*nodes, *branch.where)
    )


def _ordered(branch: Branch, top: Top) -> list[exp.Ordered]:
    """The order over a branch's leaves; where nothing is NULL, as a plain index has it."""
    found = []
    for key in top.order:
        node = branch.outputs[key.name]
        if aliases(node):
            nulls_first = key.descending if branch.never_null(node) else key.nulls_first
            found.append(exp.Ordered(this=node, desc=key.descending, nulls_first=nulls_first))
    return found


def _in_sequence(branch: Branch, keys: list[Column], top: Top) -> tuple[str, str]:
    """The rows that have the key of `d`, and the order in which an index gives them."""
    given, pairs = [], []
    for key in keys:
        node = branch.outputs[key.name]
        one, other = f"({render(node)})", f"d.{ident(key.name)}"
        if aliases(node):
            pairs.append((key, one, other))
        else:
            given.append(Condition(equal(key, one, other), frozenset(), finds=False))
    (leaf,) = branch.of_kind("inner")
    condition, terms = within(pairs)
    if terms:
        given.append(Condition(condition, frozenset({leaf.alias}), finds=True))
    text = driven_sql(branch, leaf.alias, {}, None, given=given, expand=True)
    by = [ordered_sql(node, render(node.this)) for node in _ordered(branch, top)]
    return text, ", ".join([*terms, *by] if by else [])


def _in_order(branch: Branch, keys: list[Column], top: Top) -> Lookup:
    (leaf,) = branch.of_kind("inner")
    nodes: list[exp.Expr] = []
    for key in keys:
        if aliases(branch.outputs[key.name]):
            nodes += looked_up(key, branch.outputs[key.name])
    expressions, where = (*nodes, *_ordered(branch, top)), (*branch.where, *leaf.filter)
    return Lookup(leaf.table, expressions, where, always=True)
