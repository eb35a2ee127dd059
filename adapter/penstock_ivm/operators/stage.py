"""What every operator offers to the emitter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlglot import exp

from penstock_ivm.block import Block
from penstock_ivm.changes import consolidated_change
from penstock_ivm.delta import Delta, Event, delta, needs_held
from penstock_ivm.keys import index_terms, matches
from penstock_ivm.relation import Column, Table
from penstock_ivm.session import ident
from penstock_ivm.temporal import clocks, tick_delta
from penstock_ivm.upkeep import Upkeep

# Rows of a change that are soon looked through.
_FEW = 100


@dataclass(frozen=True)
class Lookup:
    """Expressions of one table that maintenance looks rows up by: an index for them.

    An Ordered expression is read in its order. where: conditions of every lookup, so that the
    index holds no other rows.
    """

    table: Table
    expressions: tuple[exp.Expr, ...]
    where: tuple[exp.Expr, ...] = ()
    always: bool = False
    """Also where no row ever leaves the table."""


@dataclass(frozen=True)
class Trigger:
    """One trigger function: what to do when a table changes by an event."""

    table: Table
    event: Event
    body: str
    declarations: str
    rule: str
    probe: str = ""
    """The delta as a SELECT: run for one changed row after the other, it finds which one fails."""
    takes_turn: bool = False
    """Whether the body takes the pipeline's lock itself for a late writer."""


@dataclass(frozen=True)
class Stage:
    """An operator with its state table; `block` is its input.

    table: the state table, columns as `build_sql` gives them.
    """

    table: Table
    block: Block
    rule: ClassVar[str]
    fillfactor: ClassVar[int] = 80
    """How full pages of the state are at first, in percent."""

    @property
    def upkeep(self) -> Upkeep:
        """What the operator declares of itself."""
        raise NotImplementedError

    def build_sql(self) -> str:
        """The SELECT that fills the state table from the inputs as they are."""
        raise NotImplementedError

    def keys(self) -> list[Column]:
        """The columns that name a row of the state table; empty when rows have no name."""
        return [self.table.column(name) for name in self.table.key]

    @property
    def searched(self) -> tuple[str, ...]:
        """Outputs of the block by whose values maintenance looks rows up in it again."""
        return ()

    @property
    def takes_turn(self) -> bool:
        """Whether what a late writer inserts is worked on before it has the pipeline's lock.

        Only where nothing is read that another writer may change meanwhile.
        """
        return False

    def unique_terms(self) -> list[str]:
        """What the unique index of the state table is built on."""
        return index_terms(self.keys())

    def lookups(self) -> list[Lookup]:
        """What maintenance looks up beside the state table's own key."""
        return []

    def statements(self, change: Delta, event: Event) -> str:
        """Write the plpgsql statements that apply a delta."""
        raise NotImplementedError

    def in_place(self, table: Table, event: Event) -> str | None:  # noqa: ARG002
        """Write statements that need no delta: rows of one input keep their place in the state.

        None where there is no such way; empty where there is nothing to do.
        """
        return None

    def declarations(self) -> str:
        """The plpgsql variables that `statements` uses."""
        return f"__added {self.table.sql}[];\n    __places tid[];"

    def found(self, outer: str) -> str:
        """The state row `s` of the key that `outer` has, and its place: after a join, before ON."""
        return (
            f"lateral (select t.*, t.ctid as __ctid from {self.table.sql} as t"
            f" where {matches(self.keys(), 't', outer)} offset 0) as s"
        )

    def triggers(self) -> list[Trigger]:
        """One trigger for each input and event."""
        found = []
        for table in self.block.tables().values():
            for event in ("insert", "update", "delete"):
                change = delta(self.block, table, event, held=False)
                if change is None:
                    continue
                in_place = self.in_place(table, event)
                if in_place == "":
                    continue
                body = in_place or self.statements(change, event)
                if needs_held(self.block):
                    waiting = delta(self.block, table, event, held=True)
                    assert waiting is not None  # noqa: S101  the same leaves as above
                    # What waits is read as part of its table, by index: emit's settings for a
                    # change that meets itself would look through the whole of it.
                    body = (
                        "if coalesce(current_setting('penstock.held', true), '') = '' then\n"
                        f"{body}\nelse\nperform set_config('enable_nestloop', 'on', true);\n"
                        f"{self.statements(waiting, event)}\nend if;"
                    )
                if event == "update" and table.is_state and not in_place:
                    body = self._unless_unread(table, body)
                takes_turn = self.takes_turn and event == "insert" and not table.is_state
                found.append(
                    Trigger(
                        table, event, body, self.declarations(), self.rule, change.sql, takes_turn
                    )
                )
        for clock in clocks(self.block):
            body = self.statements(tick_delta(self.block, clock), "update")
            found.append(Trigger(clock, "update", body, self.declarations(), self.rule))
        return found

    def _unless_unread(self, table: Table, body: str) -> str:
        """Leave out what a small UPDATE asks for if it changes no column that the block reads.

        A count or a last time changes with every event, and many read the rest of the row alone.
        To see that takes less than the statements take to find nothing to do; of many rows, nearly
        as much, so these are not asked.
        """
        read = self.block.columns_of(table)
        if {column.name for column in table.columns} <= read | set(table.key):
            return body
        change = consolidated_change(table, sorted(read))
        return (
            f"if exists (select from new_rows offset {_FEW}) or exists (\n    {change}\n) then\n"
            f"{body}\nend if;"
        )


def typed(table: Table, columns: Sequence[Column]) -> Table:
    """Return the table with the columns that its build query gives."""
    return replace(table, columns=tuple(columns))


def merge(stage: Stage, ctes: str, *, removes: bool = True, changes: bool = False) -> str:
    """Write the statements that bring the state table to what CTE `merged` says.

    merged: every column of the state table, `__ctid` (the row's place, NULL for a new one)
    and `__alive`. Each statement changes the table by one kind of event only: a reader
    further down that joins this table with something computed from it would otherwise meet
    rows whose own event has not been told yet.
    changes: every row that stands is another one afterwards; else it is compared.
    """
    table, columns = stage.table.sql, [column.name for column in stage.table.columns]
    listed = ", ".join(f"m.{ident(name)}" for name in columns)
    assigned = ", ".join(
        f"{ident(name)} = m.{ident(name)}" for name in columns if name not in stage.table.key
    )
    differs = "" if changes else f" and (s.*) *<> row({listed})::{table}"
    updated = (
        f""",
updated as (
    update {table} as s set {assigned}
    from merged as m
    where s.ctid = m.__ctid and m.__alive{differs}
)"""
        if assigned
        else ""
    )
    gone = (
        """,
    array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)"""
        if removes
        else ""
    )
    delete = (
        f"""
if __places is not null then
    delete from {table} as s where s.ctid = any(__places);
end if;"""
        if removes
        else ""
    )
    return f"""with {ctes}{updated}
select array_agg(row({listed})::{table}) filter (where m.__ctid is null and m.__alive){gone}
into __added{", __places" if removes else ""} from merged as m;{delete}
if __added is not null then
    insert into {table} select * from unnest(__added);
end if;"""


def cast(sql: str, column: Column) -> str:
    """Give an expression the column's type; an expression of that type stays as it is."""
    return f"({sql})::{column.type}"
