"""GROUP BY: one row of state a group, accumulators merged by delta.

    merged(group) = state(group) + Σ delta(group)

count, sum, avg and the booleans are algebraic: retraction subtracts. min, max and arg-max
merge what comes and look again only in groups where the extreme itself left. All other
aggregates are computed again for the groups a change touches, and only for those.
Source: Gupta, Mumick, "Maintenance of Materialized Views", IEEE Data Eng. Bull. 18(2), 1995;
Koch et al., DBToaster, VLDB Journal 23, 2014.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from penstock_ivm.block import full_sql
from penstock_ivm.delta import Delta, Event, needs_held
from penstock_ivm.operators.accumulators import (
    Accumulator,
    Extreme,
    First,
    Recomputed,
    Sum,
)
from penstock_ivm.operators.lookup import key_lookups, rows_of_key
from penstock_ivm.operators.stage import Lookup, Stage, Trigger, cast, merge
from penstock_ivm.ordering import OrderKey, order_by
from penstock_ivm.relation import Table
from penstock_ivm.session import ident
from penstock_ivm.upkeep import Method, Upkeep

COUNT = "__count"
ONE = "__one"


@dataclass(frozen=True)
class Aggregate(Stage):
    """block outputs: the keys, then what the accumulators read.

    accumulators: by state column. carried: outputs that the key determines, kept as they
    came first. distincts: state column -> the stage that holds its distinct values.
    one_row: no GROUP BY, so there is one row even when nothing is left.
    """

    rule: ClassVar[str] = "aggregate: algebraic merge, recompute where an extreme left"
    accumulators: tuple[Accumulator, ...] = ()
    carried: tuple[str, ...] = ()
    count: str = COUNT
    distincts: dict[str, Table] = field(default_factory=dict, hash=False)
    one_row: bool = False

    @property
    def upkeep(self) -> Upkeep:
        """See Stage.upkeep."""
        group = "the whole input" if self.one_row else "its group"
        state = "one row" if self.one_row else "one row a group"
        if not self.accumulators and not self.distincts:
            return Upkeep(Method.DELTA, "its distinct keys, counted", "one row of state")
        if any(isinstance(a, Recomputed) for a in self.accumulators):
            return Upkeep(Method.RECOMPUTE, state, f"the rows of {group}")
        if any(isinstance(a, Extreme | First) for a in self.accumulators):
            again = f"where the extreme itself leaves, the rows of {group}"
            return Upkeep(Method.DELTA, state, f"one row of state; {again}")
        if any(a.looks_again for a in self.accumulators):
            again = f"where a term leaves that may have set a sum's scale, the rows of {group}"
            return Upkeep(Method.DELTA, state, f"one row of state; {again}")
        return Upkeep(Method.DELTA, state, "one row of state")

    @property
    def key_names(self) -> list[str]:
        """Names of the key columns."""
        return list(self.table.key)

    @property
    def searched(self) -> tuple[str, ...]:
        """The keys, where an accumulator may have to look again."""
        if self.one_row or not any(a.looks_again for a in self.accumulators):
            return ()
        return self.table.key

    def build_sql(self) -> str:
        """See Stage.build_sql."""
        keys = [ident(name) for name in self.key_names if not self.one_row]
        picked = [f"true as {ident(ONE)}"] if self.one_row else list(keys)
        picked.append(f"count(*) as {ident(self.count)}")
        for accumulator in self.accumulators:
            picked += [f"{sql} as {ident(name)}" for name, sql in accumulator.computed().items()]
        grouping = f" group by {', '.join(keys)}" if keys else ""
        return f"select {', '.join(picked)} from ({full_sql(self.block)}) as body{grouping}"

    def lookups(self) -> list[Lookup]:
        """Rows of a group, where an accumulator may have to look again."""
        recomputes = any(a.stale(signed=False) is not None for a in self.accumulators)
        return key_lookups(self.block, self.keys(), always=recomputes) if self.searched else []

    def statements(self, change: Delta, event: Event) -> str:  # noqa: ARG002
        """See Stage.statements."""
        text = self._merge(change, signed=not change.positive, settled=change.settled)
        if not change.positive or not self._recomputes_held or needs_held(self.block):
            return text
        return (
            "if coalesce(current_setting('penstock.held', true), '') = '' then\n"
            f"{text}\nelse\n{self._merge(change, signed=True)}\nend if;"
        )

    @property
    def _lead(self) -> tuple[OrderKey, ...]:
        """The order in which the delta is sorted once, so that arg-max need not sort each group."""
        orders = [a.order for a in self.accumulators if isinstance(a, First)]
        if not all(key.is_faithful for key in self.keys()):
            return ()  # not every type has an order
        return max(orders, key=orders.count, default=())

    @property
    def _recomputes_held(self) -> bool:
        """Whether sums that were computed again must be so in every part of a held change.

        Held changes are told one after the other, but a base table holds all of them
        already: what was computed again has counted what is still to be told.
        """
        reads_base = any(not table.is_state for table in self.block.tables().values())
        return reads_base and any(isinstance(a, Sum) and a.looks_again for a in self.accumulators)

    def _merge(self, change: Delta, *, signed: bool, settled: bool = False) -> str:
        keys = [ident(name) for name in self.key_names]
        picked = [f"true as {ident(ONE)}"] if self.one_row else list(keys)
        picked += [f"{self.table.column(n).any_of} as {ident(n)}" for n in self.carried]
        picked.append(f"sum(__w)::bigint as {ident(self.count)}")
        lead = self._lead
        for accumulator in self.accumulators:
            if isinstance(accumulator, First) and accumulator.order == lead:
                accumulator = replace(accumulator, sorted=True)  # noqa: PLW2901
            picked += [f"{sql} as {ident(n)}" for n, sql in accumulator.grouped(signed).items()]
        rows = "delta"
        if lead:
            sorting = ", ".join([*keys, order_by(lead)])
            rows = f"(select * from delta order by {sorting} offset 0) as delta"
        # Without GROUP BY a delta without rows would still give a group: HAVING keeps it out.
        grouping = "having count(*) > 0" if self.one_row else f"group by {', '.join(keys)}"
        stale = [s for a in self.accumulators if (s := a.stale(signed, settled)) is not None]
        recomputed = ""
        flag = "false"
        flags = {name: sql for a in self.accumulators for name, sql in a.flags().items()}
        if stale and self._recomputes_held:
            stale.append("coalesce(current_setting('penstock.held', true), '') <> ''")
        if stale:
            again = [
                f"{sql} as {ident(name)}"
                for a in self.accumulators
                if a.stale(signed) is not None
                for name, sql in a.computed().items()
            ]
            body = (
                full_sql(self.block)
                if self.one_row
                # A max() alone would be looked for in any index that has its order.
                else f"{rows_of_key(self.block, self.keys(), 'd')} offset 0"
            )
            flag = "f.stale"
            flags["stale"] = f"({' or '.join(stale)}) is true"
            # An aggregate over no rows would still be set up, group by group.
            recomputed = f"""
    left join lateral (
        select again.* from (select where f.stale offset 0) as wanted
        cross join lateral (
            select {", ".join(again)}
            from ({body}) as body
        ) as again
    ) as r on true"""
        merged = [f"d.{key}" for key in keys]
        merged += [
            f"case when s.__ctid is null then d.{ident(name)} else s.{ident(name)} end"
            f" as {ident(name)}"
            for name in self.carried
        ]
        count = f"coalesce(s.{ident(self.count)}, 0) + d.{ident(self.count)}"
        merged.append(f"{count} as {ident(self.count)}")
        for accumulator in self.accumulators:
            again_here = accumulator.stale(signed) is not None
            for name, sql in accumulator.merged().items():
                value = (
                    f"case when {flag} then r.{ident(name)} else {sql} end" if again_here else sql
                )
                merged.append(f"{cast(value, self.table.column(name))} as {ident(name)}")
        alive = "true" if self.one_row or not signed else f"{count} > 0"
        asked = ""
        if flags:
            listed = ", ".join(f"{sql} as {ident(name)}" for name, sql in flags.items())
            # Behind OFFSET 0, or each use would ask again.
            asked = f"""
    cross join lateral (select {listed} offset 0) as f"""
        ctes = f"""delta as (
    {change.sql}
),
grouped as (
    select {", ".join(picked)}
    from {rows} {grouping}
),
merged as (
    select {", ".join(merged)}, s.__ctid, {alive} as __alive
    from grouped as d
    left join {self.found("d")} on true{asked}{recomputed}
)"""
        # What only comes is counted, so that its group is another row.
        return merge(self, ctes, removes=signed and not self.one_row, changes=not signed)

    def triggers(self) -> list[Trigger]:
        """Triggers on the inputs, and on the tables of distinct values."""
        found = super().triggers()
        for column, values in self.distincts.items():
            keys = ", ".join(ident(name) for name in self.key_names)
            for event, rows, sign in (("insert", "new_rows", "+"), ("delete", "old_rows", "-")):
                grouping = f"group by {keys}" if not self.one_row else "having count(*) > 0"
                picked = keys if not self.one_row else f"true as {ident(ONE)}"
                body = (
                    f"update {self.table.sql} as state"
                    f" set {ident(column)} = state.{ident(column)} {sign} d.n\n"
                    f"from (select {picked}, count(*) as n from {rows} {grouping}) as d\n"
                    f"cross join {self.found('d')}\nwhere state.ctid = s.__ctid;"
                )
                rule = "aggregate: distinct values counted as they come and go"
                found.append(Trigger(values, event, body, "", rule))  # type: ignore[arg-type]
        return found
