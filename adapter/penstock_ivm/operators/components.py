"""Connected components of an undirected graph: node -> the smallest node it is linked with.

New links: only the labels at their ends matter. The labels are numbered in their order, a
union-find over the numbers joins them (the smaller wins), and one UPDATE relabels the
components that lost. Removed links: their components are computed again from their links.
Source: Galler, Fischer, "An improved equivalence algorithm", CACM 7(5), 1964.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from penstock_ivm.block import full_sql
from penstock_ivm.delta import Delta, Event
from penstock_ivm.expressions import column
from penstock_ivm.operators.stage import Lookup, Stage, Trigger
from penstock_ivm.relation import Table
from penstock_ivm.upkeep import Method, Upkeep

NODE, COMPONENT = "node", "component"

# Number the labels of `joined` in their order: which labels there are, whether each is known, and
# the numbers of the pairs' ends, head and tail in turn.
_NUMBERED = """pairs as (
    select *, row_number() over () as pair from joined
),
ends as (
    select 2 * pair as place, head as label, head_known as is_known from pairs
    union all
    select 2 * pair + 1, tail, tail_known from pairs
),
ranked as (
    select place, label, is_known, dense_rank() over in_order as number,
        lag(label) over in_order is distinct from label as is_first
    from ends
    window in_order as (order by label)
)
select
    array_agg(label order by number) filter (where is_first),
    array_agg(is_known order by number) filter (where is_first),
    array_agg(number order by number) filter (where is_first),
    array_agg(number order by place)
into labels, known, parent, ends
from ranked;"""

# Numbers in `parent` are positions in the sorted list of labels, so the smaller number is
# the smaller label. Paths are halved while they are walked. An element is changed in place only
# where the new value does not read the array (z): else PostgreSQL copies all of it.
_UNION_FIND = """
for i in 1 .. coalesce(array_length(ends, 1), 0) / 2 loop
    x := ends[2 * i - 1];
    while parent[x] <> x loop
        z := parent[parent[x]];
        parent[x] := z;
        x := z;
    end loop;
    y := ends[2 * i];
    while parent[y] <> y loop
        z := parent[parent[y]];
        parent[y] := z;
        y := z;
    end loop;
    if x < y then
        parent[y] := x;
    elsif y < x then
        parent[x] := y;
    end if;
end loop;
for i in 1 .. coalesce(array_length(parent, 1), 0) loop
    x := i;
    while parent[x] <> x loop
        x := parent[x];
    end loop;
    parent[i] := x;
    any_lost := any_lost or known[i] and x <> i;
end loop;
"""

# Each label with the smallest of those it is joined with now. An element of a text array is
# found by walking there, so nothing here subscripts `labels`: a root is the first of its set.
_JOINED = """(
    select label, is_known, first_value(label) over (partition by root order by number) as smaller
    from unnest(labels, known, parent) with ordinality as u(label, is_known, root, number)
)"""


@dataclass(frozen=True)
class Components(Stage):
    """block: one leaf, a state table of distinct links (a, b), none of them null.

    State: (node, component), keyed by node, with an index on component.
    """

    rule: ClassVar[str] = "components: union-find over the labels that new links join"

    @property
    def upkeep(self) -> Upkeep:
        """See Stage.upkeep."""
        return Upkeep(
            Method.DELTA,
            "every node with the name of its component",
            "the nodes whose component gets another name; where a link leaves, its component",
        )

    @property
    def links(self) -> Table:
        """The table of links."""
        return self.block.branches[0].leaves[0].table

    def build_sql(self) -> str:
        """See Stage.build_sql: empty; `fill_sql` does it in near-linear time."""
        return (
            f"select a as {NODE}, a as {COMPONENT} from ({full_sql(self.block)}) as links limit 0"
        )

    def fill_sql(self) -> str:
        """A DO block that fills the empty state."""
        return f"""do $fill$
declare
    {self.declarations()}
begin
    set local work_mem = '64MB';
    {self._recompute(f"select a, b from {self.links.sql}", whole=True)}
end
$fill$"""

    def lookups(self) -> list[Lookup]:
        """Links by their second end, nodes by component; unique keys serve the rest."""
        return [
            Lookup(self.links, (column("links", "b"),)),
            Lookup(self.table, (column("state", COMPONENT),)),
        ]

    def declarations(self) -> str:
        """See Stage.declarations."""
        return """labels text[];
    known boolean[];
    ends int[];
    parent int[];
    any_lost boolean := false;
    touched text[];
    members text[];
    places tid[];
    x int;
    y int;
    z int;"""

    def triggers(self) -> list[Trigger]:
        """Links come and go; a change of their count alone says nothing."""
        bodies: dict[Event, str] = {"insert": self._link(), "delete": self._unlink()}
        return [
            Trigger(self.links, event, body, self.declarations(), self.rule)
            for event, body in bodies.items()
        ]

    def statements(self, change: Delta, event: Event) -> str:
        """Components writes its triggers itself."""
        raise NotImplementedError

    def _link(self) -> str:
        """A node that no label is known of is its own until the union-find says."""
        state = self.table.sql
        return f"""with joined as (
    select coalesce(x.{COMPONENT}, l.a) as head, x.{COMPONENT} is not null as head_known,
        coalesce(y.{COMPONENT}, l.b) as tail, y.{COMPONENT} is not null as tail_known
    from new_rows as l
    left join lateral (select * from {state} as s where s.{NODE} = l.a offset 0) as x on true
    left join lateral (select * from {state} as s where s.{NODE} = l.b offset 0) as y on true
    where x.{COMPONENT} is null or y.{COMPONENT} is null or x.{COMPONENT} <> y.{COMPONENT}
),
{_NUMBERED}
{_UNION_FIND}
if any_lost then
    update {state} as s set {COMPONENT} = m.smaller
    from {_JOINED} as m
    cross join lateral (
        select t.ctid as place from {state} as t where t.{COMPONENT} = m.label offset 0
    ) as found
    where m.is_known and m.label <> m.smaller and s.ctid = found.place;
end if;
if false = any(known) then
    insert into {state} ({NODE}, {COMPONENT})
    select m.label, m.smaller from {_JOINED} as m where not m.is_known;
end if;"""

    def _unlink(self) -> str:
        links, state = self.links.sql, self.table.sql
        return f"""select array_agg(distinct s.{COMPONENT}) into touched
from (select a as n from old_rows union all select b from old_rows) as nodes
cross join lateral (select * from {state} as s where s.{NODE} = nodes.n offset 0) as s;
select array_agg(s.{NODE}) into members
from unnest(touched) as t(label)
cross join lateral (select * from {state} as s where s.{COMPONENT} = t.label offset 0) as s;
select array_agg(s.place) into places
from unnest(members) as m(n)
cross join lateral (
    select s.ctid as place from {state} as s where s.{NODE} = m.n offset 0
) as s
where not exists (select from {links} as l where l.a = m.n offset 0)
    and not exists (select from {links} as l where l.b = m.n offset 0);
if places is not null then
    delete from {state} as s where s.ctid = any(places);
end if;
{
            self._recompute(
                f"select l.a, l.b from unnest(members) as m(n) cross join lateral"
                f" (select * from {links} as l where l.a = m.n offset 0) as l",
                whole=False,
            )
        }"""

    def _recompute(self, links: str, *, whole: bool) -> str:
        """Label the nodes of some links from nothing."""
        state = self.table.sql
        write = (
            f"""insert into {state} ({NODE}, {COMPONENT})
select label, smaller from {_JOINED} as m;"""
            if whole
            else f"""update {state} as s set {COMPONENT} = m.smaller
from {_JOINED} as m
cross join lateral (
    select t.ctid as place from {state} as t
    where t.{NODE} = m.label and t.{COMPONENT} <> m.smaller offset 0
) as found
where s.ctid = found.place;"""
        )
        told = (
            ""
            if whole
            # A link to a node that is not known yet is being told by another event.
            else f"""
    where exists (select from {state} as s where s.{NODE} = l.a offset 0)
        and exists (select from {state} as s where s.{NODE} = l.b offset 0)"""
        )
        return f"""with joined as (
    select l.a as head, true as head_known, l.b as tail, true as tail_known
    from ({links}) as l{told}
),
{_NUMBERED}
{_UNION_FIND}
{write}"""
