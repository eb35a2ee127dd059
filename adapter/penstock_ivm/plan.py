"""From a bound query to stages: which operators, over which linear blocks, in which order.

The planner walks the query once. What is linear stays a block; whatever has to remember
becomes a stage, whose state table the rest of the query reads like any other table.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace

from sqlglot import exp

from penstock_ivm.block import Block
from penstock_ivm.builder import Builder
from penstock_ivm.calls import (
    constants,
    is_constant,
)
from penstock_ivm.collecting import uncollected
from penstock_ivm.expressions import column, conjuncts, data_type, render, strip
from penstock_ivm.from_clause import FromClause, alias_columns
from penstock_ivm.grouping import Grouping, is_call
from penstock_ivm.grouping_sets import groups_apart, has_grouping_sets, together
from penstock_ivm.operators.stage import Stage
from penstock_ivm.passes.dependent_keys import with_dependent_keys
from penstock_ivm.passes.group_levels import GROUPS, over_groups
from penstock_ivm.passes.lateral_sets import sets_to_lateral
from penstock_ivm.passes.limits import split_limit
from penstock_ivm.passes.no_rows import without_rows
from penstock_ivm.passes.pruning import without_unused
from penstock_ivm.passes.ranking import (
    Ranked,
    rank_filters,
)
from penstock_ivm.passes.recursion import links_of_components
from penstock_ivm.passes.subquery_values import SINGLE_VALUE
from penstock_ivm.passes.windows import has_windows, is_grouped, windows_apart
from penstock_ivm.refusals import refuse, refuse_clauses
from penstock_ivm.relation import Table
from penstock_ivm.scope import Cte, Ctes, Partial, project
from penstock_ivm.setops import set_operation
from penstock_ivm.subqueries import Subqueries
from penstock_ivm.temporal import has_clock
from penstock_ivm.windows import first_rows, windowed


@dataclass(frozen=True)
class Plan:
    """stages, inputs first; output name -> expression over the last stage's table."""

    stages: tuple[Stage, ...]
    outputs: dict[str, exp.Expr] = field(hash=False)
    where: tuple[exp.Expr, ...]
    clock: Table | None = None
    """What now() stands for, where the view compares with it."""

    def shown(self) -> set[str]:
        """Columns of the last stage's table that the view reads."""
        nodes = (*self.outputs.values(), *self.where)
        return {found.name for node in nodes for found in node.find_all(exp.Column)}

    @property
    def last(self) -> Stage:
        """The stage that the view shows."""
        return self.stages[-1]


class Planner:
    """Plans one model.

    builder: takes the stages. tables: every relation the query names, by (schema, name).
    aggregates: the names of the aggregate functions that the query calls.
    """

    def __init__(
        self,
        builder: Builder,
        tables: dict[tuple[str, str], Table],
        aggregates: frozenset[str],
        sets: frozenset[str],
    ) -> None:
        self.builder = builder
        self.tables = tables
        self.aggregates = aggregates | {SINGLE_VALUE}
        self.sets = sets
        self.subqueries = Subqueries(self)
        self.from_clause = FromClause(self)

    def is_call(self, node: exp.Expr) -> bool:
        """Whether an expression is a call of an aggregate."""
        return is_call(node, self.aggregates)

    @uncollected()
    def plan(self, query: exp.Expr) -> Plan:
        """Plan the whole model."""
        found = self._plan(query)
        return replace(found, stages=tuple(without_unused(found.stages, found.shown())))

    def _plan(self, query: exp.Expr) -> Plan:
        self.builder.reserved |= {part.name for part in query.find_all(exp.Identifier)}
        query = without_rows(query, self.is_call)
        query = sets_to_lateral(query, self.sets, self.is_call)
        block = self.query(query, {})
        if len(block.branches) == 1:
            (branch,) = block.branches
            mine = {stage.table.sql for stage in self.builder.stages}
            timed = has_clock(*branch.expressions())
            alone = len(branch.leaves) == 1 and not branch.calls and not timed
            if alone and branch.leaves[0].table.sql in mine:
                (leaf,) = branch.leaves
                if self.builder.stages[-1].table.sql == leaf.table.sql:
                    return Plan(tuple(self.builder.stages), branch.outputs, branch.where)
        self.builder.bag(block, self.builder.model)
        outputs: dict[str, exp.Expr] = {name: column("state", name) for name in block.names}
        return Plan(tuple(self.builder.stages), outputs, ())

    def query(self, node: exp.Expr, ctes: Ctes) -> Block:
        """Plan a query expression."""
        while isinstance(node, (exp.Subquery, exp.Paren)) and not node.args.get("joins"):
            node = node.this
        with_ = node.args.get("with_")
        if with_ is not None:
            if with_.args.get("recursive"):
                found = links_of_components(node)
                if found is None:
                    refuse(
                        "WITH RECURSIVE cannot be maintained",
                        node,
                        "write connected components with penstock.connected_components()",
                    )
                return self.builder.components(self.query(found, ctes), found)
            ctes = dict(ctes)
            for cte in with_.expressions:
                ctes[cte.alias] = Cte(cte.this, dict(ctes), alias_columns(cte))
        node = with_dependent_keys(node, self._key_of, self.is_call)
        if has_grouping_sets(node):
            assert isinstance(node, exp.Select)  # noqa: S101  has_grouping_sets says so
            node, sets = groups_apart(node, self.is_call)
            made = together(self.builder, [self.select(one, ctes) for one in sets])
            node.set("from_", exp.From(this=exp.to_table(GROUPS, quoted=True)))
            ctes = {**ctes, GROUPS: Cte(made, {}, [])}
        limited = split_limit(node)
        if limited is not None:
            return first_rows(self.builder, self.query(limited.query, ctes), limited)
        apart = windows_apart(node, self.is_call)
        match apart:
            case exp.SetOperation():
                left, right = (self.query(side, ctes) for side in (apart.this, apart.expression))
                return set_operation(self.builder, apart, left, right)
            case exp.Select() if not is_constant(apart):
                return self.select(apart, ctes)
            case _ if is_constant(apart):
                return Block((constants(self.builder, apart),))
            case _:
                refuse(f"{apart.key.upper()} cannot be maintained", apart, "read from a table")

    def select(self, node: exp.Select, ctes: Ctes) -> Block:
        """Plan one SELECT: FROM, WHERE, then what groups or ranks."""
        refuse_clauses(node)
        on = node.args.get("distinct")
        keys = on.args.get("on") if on is not None else None
        if self._asks_of_groups(node) or (keys is not None and is_grouped(node, self.is_call)):
            return self.query(over_groups(node, self.is_call), ctes)
        partials = self.filtered(node, ctes)
        windows = has_windows(node)
        if not windows and (
            node.args.get("group") or any(self.is_call(n) for p in node.selects for n in p.walk())
        ):
            node, partials = self._without_subqueries(node, partials, ctes)
        grouping = None if windows else Grouping.of(node, self.aggregates)
        if grouping is not None:
            block = self.builder.aggregate(partials, grouping)
        else:
            partials, outputs = self.outputs(node, partials, ctes)
            block = (
                windowed(self.builder, partials, outputs) if windows else project(partials, outputs)
            )
        if keys is not None:
            return self.distinct_on(node, partials, keys, block)
        return self.builder.distinct(block) if on is not None else block

    def joined(
        self, node: exp.Select, ctes: Ctes, start: list[Partial] | None = None
    ) -> tuple[list[Partial], list[exp.Expr]]:
        """Plan FROM; return it and the conjuncts of WHERE that are still to be applied.

        start: what LATERAL reads from. Conditions without subqueries come first.
        """
        ranks = rank_filters(node)
        partials = self.from_clause.plan(node, ctes, ranks, start)
        where = node.args.get("where")
        conditions = conjuncts(where.this if where is not None else None)
        return partials, sorted(conditions, key=lambda c: c.find(exp.Select) is not None)

    def filtered(self, node: exp.Select, ctes: Ctes) -> list[Partial]:
        """Plan FROM and WHERE."""
        partials, conditions = self.joined(node, ctes)
        for condition in conditions:
            partials = self.subqueries.condition(partials, condition, ctes)
        return partials

    def outputs(
        self, node: exp.Select, partials: list[Partial], ctes: Ctes
    ) -> tuple[list[Partial], dict[str, exp.Expr]]:
        """What a SELECT shows, with what its subqueries answer joined in FROM."""
        found = dict(_outputs(node))
        partials, values = self.subqueries.values(partials, list(found.values()), ctes)
        return partials, dict(zip(found, values, strict=True))

    def _key_of(self, table: exp.Table) -> tuple[str, ...]:
        known = self.tables.get((table.db, table.name))
        return known.key if known is not None and not known.weight else ()

    def _asks_of_groups(self, node: exp.Select) -> bool:
        """Whether a subquery stands beside what is grouped: it is asked once a group."""
        having = node.args.get("having")
        parts = [*node.selects, *([having] if having is not None else [])]
        if not is_grouped(node, self.is_call):
            return False
        group = node.args.get("group")
        keys = {render(strip(key)) for key in group.expressions} if group is not None else set()
        return any(_beside_calls(part, self.is_call, keys) for part in parts)

    def _without_subqueries(
        self, node: exp.Select, partials: list[Partial], ctes: Ctes
    ) -> tuple[exp.Select, list[Partial]]:
        """Join what subqueries inside group keys and aggregates' arguments answer."""
        node = node.copy()
        for clause in ("expressions", "group", "having"):
            value = node.args.get(clause)
            nodes = value if isinstance(value, list) else [value] if value is not None else []
            if any(part.find(exp.Select) for part in nodes):
                partials, made = self.subqueries.values(partials, nodes, ctes)
                node.set(clause, made if isinstance(value, list) else made[0])
        return node, partials

    def distinct_on(
        self, node: exp.Select, partials: list[Partial], keys: exp.Expr, block: Block
    ) -> Block:
        """DISTINCT ON (keys) … ORDER BY keys, order."""
        on = list(keys.expressions) if isinstance(keys, exp.Tuple) else [strip(keys)]
        texts = {render(strip(part)) for part in on}
        ordered = node.args["order"].expressions if node.args.get("order") else []
        order = [part for part in ordered if render(strip(part.this)) not in texts]
        return self.builder.first(partials, on, order, block)

    def ranked(self, ranked: Ranked, most: int, ctes: Ctes) -> Block:
        """A SELECT with row_number() or rank() whose reader keeps numbers up to `most`."""
        select, window = ranked.select, ranked.window
        if select.args.get("with_"):
            ctes = dict(ctes)
            for cte in select.args["with_"].expressions:
                ctes[cte.alias] = Cte(cte.this, dict(ctes), alias_columns(cte))
        partials, outputs = self.outputs(select, self.filtered(select, ctes), ctes)
        if most != 1 or not isinstance(window.this, exp.RowNumber):
            return windowed(self.builder, partials, outputs, (window, most))
        block = project(partials, {n: node for n, node in outputs.items() if n != ranked.name})
        order = window.args["order"].expressions if window.args.get("order") else []
        first = self.builder.first(partials, window.args.get("partition_by") or [], order, block)
        (branch,) = first.branches
        items = list(branch.outputs.items())
        one: exp.Expr = exp.Cast(this=exp.Literal.number(1), to=data_type("bigint"))
        items.insert(ranked.position, (ranked.name, one))
        return Block((replace(branch, outputs=dict(items)),))


def _outputs(node: exp.Select) -> Iterable[tuple[str, exp.Expr]]:
    """Output names and expressions; a later branch of a UNION may repeat a name."""
    seen: set[str] = set()
    for number, part in enumerate(node.selects, 1):
        name = part.alias_or_name or f"?column?{number}"
        if name in seen:
            name = f"{name}__{number}"
        seen.add(name)
        yield name, part.unalias()


def _beside_calls(
    node: exp.Expr, is_call: Callable[[exp.Expr], bool], keys: Container[str]
) -> bool:
    """Whether a subquery stands in an expression outside the keys and aggregates in it."""
    if render(strip(node)) in keys:
        return False
    if isinstance(node, (exp.Select, exp.SetOperation)):
        return True
    subject = strip(node.this) if isinstance(node, exp.Filter) else node
    if is_call(subject):
        return False
    return any(_beside_calls(child, is_call, keys) for child in node.iter_expressions())
