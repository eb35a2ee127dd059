"""row_number() = 1 and DISTINCT ON: the first row of each partition.

What comes is compared with the row that stands; when a row changes or leaves, the partitions
it was in look again. An append-only input never looks again.
Source: Yi et al., "Efficient Maintenance of Materialized Top-k Views", ICDE 2003 (k = 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from penstock_ivm.block import full_sql
from penstock_ivm.delta import Delta, Event
from penstock_ivm.operators.lookup import key_lookups, rows_of_key
from penstock_ivm.operators.stage import Lookup, Stage, merge
from penstock_ivm.ordering import OrderKey, order_by, precedes
from penstock_ivm.session import ident
from penstock_ivm.upkeep import Method, Upkeep


@dataclass(frozen=True)
class TopOne(Stage):
    """block outputs: the partition keys, the order keys, what the view shows."""

    rule: ClassVar[str] = "top-1: merge what comes, look again where a row left"
    # Firsts that stay first are most of it: a log of deliveries, not of clocks.
    fillfactor: ClassVar[int] = 95
    order: tuple[OrderKey, ...] = ()

    @property
    def upkeep(self) -> Upkeep:
        """See Stage.upkeep."""
        return Upkeep(
            Method.DELTA,
            "the first row of each partition",
            "one row of state; where the first row leaves, the rows of its partition",
        )

    @property
    def searched(self) -> tuple[str, ...]:
        """The partition keys: a partition that a row left is read again."""
        return self.table.key

    def _first(self, rows: str, *others: str) -> str:
        keys = ", ".join(ident(name) for name in self.table.key)
        order = f", {order_by(self.order)}" if self.order else ""
        listed = ", ".join([*(ident(name) for name in self.block.names), *others])
        return f"select distinct on ({keys}) {listed} from {rows} order by {keys}{order}"

    def build_sql(self) -> str:
        """See Stage.build_sql."""
        return self._first(f"({full_sql(self.block)}) as body")

    def lookups(self) -> list[Lookup]:
        """Rows of a partition, for when its first row leaves."""
        return key_lookups(self.block, self.keys())

    @property
    def takes_turn(self) -> bool:
        """See Stage.takes_turn: what comes is judged by itself, and inserted by key."""
        return self._goes_by_key and all(
            [leaf.table.is_state for leaf in branch.leaves] == [False]
            for branch in self.block.branches
        )

    @property
    def _goes_by_key(self) -> bool:
        """Whether the state's unique index finds every row that has the key."""
        return bool(self.order) and all(key.not_null and key.is_faithful for key in self.keys())

    def statements(self, change: Delta, event: Event) -> str:  # noqa: ARG002
        """See Stage.statements."""
        if change.positive and self._goes_by_key:
            return self._inserted(change)
        if change.positive:
            return self._merged(change)
        names = self.block.names
        listed = ", ".join(ident(name) for name in names)
        keys = ", ".join(ident(name) for name in self.table.key)
        # A partition with no row left keeps its own key, to be found and removed.
        shown = ", ".join(
            f"{'d' if name in self.table.key else 'best'}.{ident(name)}" for name in names
        )
        ctes = f"""delta as (
    {change.sql}
),
touched as (
    select distinct {keys} from delta
),
merged as (
    select {shown}, s.__ctid, best.__found is true as __alive
    from touched as d
    left join {self.found("d")} on true
    left join lateral (
        select {listed}, true as __found
        from ({rows_of_key(self.block, self.keys(), "d")} offset 0) as body
        order by {order_by(self.order) if self.order else "1"}
        limit 1
    ) as best on true
)"""
        return merge(self, ctes)

    def _inserted(self, change: Delta) -> str:
        """Insert what has a new key; compare the rest with the rows that stand.

        Two writers who insert wait for each other only where both have a key. In the order of
        their keys they cannot wait in a circle; so a late writer takes its turn afterwards, and
        before anybody is told: AFTER triggers fire when the statement ends. What it met before
        its turn, it compares then; what others meet and leave as it is, they need not keep.
        """
        keys = ", ".join(ident(name) for name in self.table.key)
        same = " and ".join(f"i.{ident(name)} = c.{ident(name)}" for name in self.table.key)
        better = precedes(self.order, "c.{}", "s.{}")
        late = " or current_setting('penstock.late', true) = 'on'" if self.takes_turn else ""
        listed = ", ".join(ident(name) for name in self.block.names)
        picked = ", ".join(f"c.{ident(column.name)}" for column in self.table.columns)
        turn = "\nwhere penstock.take_late_turn(tg_relid)" if self.takes_turn else ""
        rest = Delta("select * from unnest(__added)", positive=True)
        merged = "\n".join(
            f"    {line}" if line else "" for line in self._merged(rest).splitlines()
        )
        return f"""with delta as (
    {change.sql}
),
inserted as (
    insert into {self.table.sql} ({listed})
    {self._first("delta")}
    on conflict do nothing
    returning {keys}
)
select rest.rows into __added
from (
    select array_agg(row({picked})::{self.table.sql}) as rows
    from delta as c
    left join {self.found("c")} on true
    where not exists (select from inserted as i where {same})
        and (s.__ctid is null or {better}{late})
) as rest{turn};
if __added is not null then
{merged}
end if;"""

    def _merged(self, change: Delta) -> str:
        """Compare what comes with the rows that stand."""
        table, names = self.table.sql, self.block.names
        listed = ", ".join(ident(name) for name in names)
        picked = ", ".join(f"c.{ident(column.name)}" for column in self.table.columns)
        columns = ", ".join(ident(column.name) for column in self.table.columns)
        assigned = ", ".join(
            f"{ident(name)} = m.{ident(name)}" for name in names if name not in self.table.key
        )
        replaces = bool(assigned and self.order)
        better = precedes(self.order, "c.{}", "s.{}") if replaces else "false"
        update = f"""
if __added is not null then
    update {table} as s set {assigned}
    from rows from (unnest(__places), unnest(__added)) as m(__ctid, {columns})
    where s.ctid = m.__ctid;
end if;"""

        # Looked up first: ON CONFLICT would write each new row twice, once to try.
        def met(rows: str) -> str:
            return f"""met as (
    select c.*, s.__ctid, s.__ctid is not null and {better} as __better
    from {rows} as c
    left join {self.found("c")} on true
)"""

        if all(key.not_null and key.is_faithful for key in self.keys()):
            # Few keys come twice in one change: to hash the keys and sort the rows of those few
            # takes a quarter of the time of sorting all rows, which are wide.
            keys = ", ".join(ident(name) for name in self.table.key)
            new = f"__ctid is null and (({keys})"
            # IS TRUE keeps the planner from joining them, which it would do row by row.
            several = f"in (select {keys} from several)) is"
            ctes = f"""{met("delta")},
several as (
    select {keys} from met where __ctid is null or __better group by {keys} having count(*) > 1
)"""
            inserted = f"""select {listed} from met where {new} {several} false
    union all
    ({self._first(f"met where {new} {several} true")})"""
            replacing = f"({self._first('met where __better', '__ctid')})"
        else:
            ctes = f"""candidate as (
    {self._first("delta")}
),
{met("candidate")}"""
            inserted = f"select {listed} from met where __ctid is null"
            replacing = "(select * from met where __better)"
        return f"""with delta as (
    {change.sql}
),
{ctes},
inserted as (
    insert into {table} ({listed})
    {inserted}
)
select array_agg(row({picked})::{table}), array_agg(c.__ctid)
into __added, __places
from {replacing} as c;{update if replaces else ""}"""
