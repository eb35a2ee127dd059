"""From a bound query to stages: which operators, over which linear blocks, in which order.

The planner walks the query once. What is linear stays a block; whatever has to remember
becomes a stage, whose state table the rest of the query reads like any other table.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Leaf, full_sql
from penstock_ivm.errors import Unmaintainable
from penstock_ivm.expressions import (
    aliases,
    column,
    conjuncts,
    equality,
    grouped,
    references,
    render,
    strip,
    substitute,
)
from penstock_ivm.grouping import Grouping, finish
from penstock_ivm.names import free
from penstock_ivm.operators.aggregate import COUNT, ONE, Aggregate
from penstock_ivm.operators.bag import ROW_ID, Bag, KeylessBag
from penstock_ivm.operators.components import COMPONENT, NODE, Components
from penstock_ivm.operators.stage import Stage, typed
from penstock_ivm.operators.top_one import TopOne
from penstock_ivm.ordering import OrderKey
from penstock_ivm.passes.ranking import Ranking, find_ranking, rank_filters
from penstock_ivm.passes.recursion import links_of_components
from penstock_ivm.relation import STATE, WEIGHT, Column, Table

Scope = dict[str, dict[str, exp.Expr]]
"""alias -> column -> expression over leaves."""


@dataclass(frozen=True)
class Partial:
    """A FROM clause so far: leaves, conditions, and what each alias offers."""

    leaves: tuple[Leaf, ...] = ()
    where: tuple[exp.Expr, ...] = ()
    scope: Scope = field(default_factory=dict, hash=False)

    def resolve(self, node: exp.Expr) -> exp.Expr:
        """Write an expression of the query over the leaves."""
        return substitute(node, self._lookup)

    def _lookup(self, found: exp.Column) -> exp.Expr:
        try:
            return self.scope[found.table][found.name]
        except KeyError:
            raise Unmaintainable(
                f"a reference to {render(found)} from inside a subquery cannot be maintained",
                None,
                "join instead, or use EXISTS with an equality between inner and outer columns",
            ) from None

    def knows(self, node: exp.Expr) -> bool:
        """Whether every column of the expression is in scope."""
        return all(name in self.scope.get(alias, ()) for alias, name in references(node))


@dataclass(frozen=True)
class Plan:
    """stages, inputs first; output name -> expression over the last stage's table."""

    stages: tuple[Stage, ...]
    outputs: dict[str, exp.Expr] = field(hash=False)
    where: tuple[exp.Expr, ...]

    @property
    def last(self) -> Stage:
        """The stage that the view shows."""
        return self.stages[-1]


class Planner:
    """Plans one model.

    tables: every relation the query names, by (schema, name). describe: the columns of a
    SELECT. taken: names that state tables may not have.
    """

    def __init__(
        self,
        model: str,
        tables: dict[tuple[str, str], Table],
        describe: Callable[[str], Sequence[Column]],
        taken: set[str],
        aggregates: frozenset[str],
    ) -> None:
        self.model = model
        self.tables = tables
        self.describe = describe
        self.taken = taken
        self.aggregates = aggregates
        self.stages: list[Stage] = []
        self._numbers = itertools.count(1)
        self._stage_of: dict[tuple[str, str], Table] = {}

    def plan(self, query: exp.Expr) -> Plan:
        """Plan the whole model."""
        block = self.query(query, {})
        if len(block.branches) == 1:
            (branch,) = block.branches
            mine = {stage.table.sql for stage in self.stages}
            if len(branch.leaves) == 1 and branch.leaves[0].table.sql in mine:
                (leaf,) = branch.leaves
                if leaf.table.weight is None and self.stages[-1].table.sql == leaf.table.sql:
                    return Plan(tuple(self.stages), branch.outputs, branch.where)
        stage = self.bag(block, self.model)
        outputs: dict[str, exp.Expr] = {name: column("state", name) for name in block.names}
        return Plan(tuple(self.stages), outputs, ()) if stage else self._unreachable()

    def _unreachable(self) -> NoReturn:
        raise AssertionError

    # ---- queries ------------------------------------------------------------------

    def query(self, node: exp.Expr, ctes: dict[str, exp.Expr]) -> Block:
        """Plan a query expression."""
        while isinstance(node, (exp.Subquery, exp.Paren)) and not node.args.get("joins"):
            node = node.this
        with_ = node.args.get("with_")
        if with_ is not None:
            if with_.args.get("recursive"):
                found = links_of_components(node)
                if found is None:
                    refuse("WITH RECURSIVE cannot be maintained",
                           node, "write connected components with penstock.connected_components()")
                return self.components(found, ctes)
            ctes = dict(ctes)
            for cte in with_.expressions:
                ctes[cte.alias] = _Cte(cte.this, dict(ctes), _alias_columns(cte))
        for name, label in (("limit", "LIMIT"), ("offset", "OFFSET"), ("fetch", "FETCH")):
            if node.args.get(name) is not None:
                refuse(f"{label} cannot be maintained", node,
                       "keep the first row per key with row_number() = 1 or DISTINCT ON")
        match node:
            case exp.Union():
                return self.union(node, ctes)
            case exp.SetOperation():
                refuse(f"{node.key.upper()} cannot be maintained", node,
                       "use EXISTS / NOT EXISTS with the columns compared")
            case exp.Select():
                return self.select(node, ctes)
            case _:
                refuse(f"{node.key.upper()} cannot be maintained", node, "read from a table")

    def union(self, node: exp.Union, ctes: dict[str, exp.Expr]) -> Block:
        """UNION ALL puts branches side by side; UNION makes their rows distinct."""
        left, right = self.query(node.this, ctes), self.query(node.expression, ctes)
        names = left.names
        renamed = [
            replace(branch, outputs=dict(zip(names, branch.outputs.values(), strict=True)))
            for branch in right.branches
        ]
        block = self._same_types(Block((*left.branches, *renamed)))
        return block if node.args.get("distinct") is False else self.distinct(block)

    def _same_types(self, block: Block) -> Block:
        """Cast the branches' outputs to the types that the UNION gives them.

        Each branch stands alone in a delta, where nothing else would unify their types.
        """
        columns = self.describe(full_sql(block, inline=True))
        cast = {
            col.name: [
                exp.Cast(this=grouped(branch.outputs[col.name]).copy(), to=_type(col.type))
                if not isinstance(branch.outputs[col.name], exp.Column)
                or self._column_type(branch, branch.outputs[col.name]) != col.type
                else branch.outputs[col.name]
                for branch in block.branches
            ]
            for col in columns
        }
        return block.with_outputs(cast)

    def _column_type(self, branch: Branch, node: exp.Expr) -> str:
        assert isinstance(node, exp.Column)  # noqa: S101  checked by the caller
        return branch.leaf(node.table).table.column(node.name).type

    def select(self, node: exp.Select, ctes: dict[str, exp.Expr]) -> Block:
        """Plan one SELECT: FROM, WHERE, then what groups or ranks."""
        _refuse_clauses(node)
        on = node.args.get("distinct")
        keys = on.args.get("on") if on is not None else None
        ranks = rank_filters(node)
        partials = self.from_clause(node, ctes, ranks)
        conditions = [
            c for c in conjuncts(node.args["where"].this if node.args.get("where") else None)
            if id(strip(c)) not in ranks.used
        ]
        for condition in conditions:
            partials = self.condition(partials, condition, ctes)
        if any(part.find(exp.Window) for part in node.selects):
            refuse("a window function cannot be maintained here", node,
                   "filter it in the next SELECT: row_number() over (partition by … order by …) = 1")
        grouping = Grouping.of(node, self.aggregates)
        if grouping is not None:
            block = self.aggregate(partials, grouping)
        else:
            block = _block(partials, {name: part for name, part in _outputs(node)})
        if keys is not None:
            return self.distinct_on(node, partials, keys, block)
        return self.distinct(block) if on is not None else block

    # ---- FROM ---------------------------------------------------------------------

    def from_clause(
        self, node: exp.Select, ctes: dict[str, exp.Expr], ranks: Ranking
    ) -> list[Partial]:
        """Plan FROM with all its joins."""
        start = node.args.get("from_")
        if start is None:
            refuse("a SELECT without FROM cannot be maintained", node,
                   "put constants in a seed and read from it")
        partials = self.source(start.this, ctes, ranks)
        for join in node.args.get("joins") or []:
            partials = self.join(partials, join, ctes, ranks)
        return partials

    def source(self, node: exp.Expr, ctes: dict[str, exp.Expr], ranks: Ranking) -> list[Partial]:
        """Plan one FROM item, with the joins that hang on it."""
        joins = node.args.get("joins") or []
        match node:
            case exp.Table() if isinstance(node.this, exp.Identifier):
                partials = self.named(node, ctes, ranks)
            case exp.Subquery() if node.alias:
                partials = self.derived(node.this, node, ctes, ranks)
            case exp.Subquery() | exp.Paren():
                partials = self.source(node.this, ctes, ranks)
            case _:
                refuse(f"{_describe(node)} in FROM cannot be maintained", node,
                       "read from tables, views and subqueries")
        for join in joins:
            partials = self.join(partials, join, ctes, ranks)
        return partials

    def named(
        self, node: exp.Table, ctes: dict[str, exp.Expr], ranks: Ranking
    ) -> list[Partial]:
        """A table, or a CTE."""
        if node.args.get("sample") is not None or node.find(exp.TableSample):
            refuse("TABLESAMPLE cannot be maintained", node, "filter by a hash of the key")
        if not node.db and node.name in ctes:
            cte = ctes[node.name]
            assert isinstance(cte, _Cte)  # noqa: S101  only _Cte are put in
            return self.derived(cte.query, node, cte.ctes, ranks, cte.columns)
        table = self.tables[(node.db, node.name)]
        alias = self._alias(node.alias_or_name)
        names = _alias_columns(node) or []
        shown = [c.name for c in table.columns if not c.name.startswith("__") or not table.is_state]
        offered = dict(zip(names, shown, strict=False)) | {
            name: name for name in [c.name for c in table.columns][len(names):]
        }
        scope: Scope = {
            node.alias_or_name: {seen: column(alias, real) for seen, real in offered.items()}
        }
        return [Partial((Leaf(alias, table),), (), scope)]

    def derived(
        self,
        query: exp.Expr,
        node: exp.Expr,
        ctes: dict[str, exp.Expr],
        ranks: Ranking,
        columns: list[str] | None = None,
    ) -> list[Partial]:
        """A subquery or a CTE: pulled up where it is linear, a stage where it is not."""
        alias = node.alias_or_name
        ranking = find_ranking(query)
        if ranking is not None:
            block = self.ranked(query, ranking, alias, ctes, ranks)
        else:
            block = self.query(query, ctes)
        names = (_alias_columns(node) or []) or (columns or [])
        shown = [*names, *block.names[len(names):]]
        found = []
        for branch in block.branches:
            fresh = {leaf.alias: self._alias(leaf.alias.rstrip("0123456789_")) for leaf in branch.leaves}
            moved = _renamed(branch, fresh)
            found.append(
                Partial(
                    moved.leaves,
                    moved.where,
                    {alias: dict(zip(shown, moved.outputs.values(), strict=True))},
                )
            )
        return found

    def join(
        self,
        left: list[Partial],
        node: exp.Join,
        ctes: dict[str, exp.Expr],
        ranks: Ranking,
    ) -> list[Partial]:
        """Plan one join onto what stands left of it."""
        side, kind = (node.side or "").upper(), (node.kind or "").upper()
        if node.args.get("method"):
            refuse(f"{node.args['method']} JOIN cannot be maintained", node, "write the condition out")
        if isinstance(node.this, exp.Lateral):
            refuse("LATERAL cannot be maintained", node, "join on the condition instead")
        right = self.source(node.this, ctes, ranks)
        if side == "FULL":
            refuse("FULL JOIN cannot be maintained", node,
                   "take the union all of a left join and an anti join (NOT EXISTS)")
        if side == "RIGHT":
            left, right = right, left
        if not side and kind in ("", "INNER", "CROSS"):
            joined = [_combined(a, b) for a in left for b in right]
            return [self._on_inner(partial, node, left, right) for partial in joined]
        if side in ("LEFT", "RIGHT"):
            return self._on_left(left, right, node)
        refuse(f"{side} {kind} JOIN cannot be maintained".replace("  ", " "), node, "use an inner or left join")

    def _on_inner(
        self, partial: Partial, node: exp.Join, left: list[Partial], right: list[Partial]
    ) -> Partial:
        conditions = [*_using(node, left, right), *conjuncts(node.args.get("on"))]
        resolved = []
        for condition in conditions:
            _refuse_subquery(condition, "ON")
            resolved.append(partial.resolve(condition))
        return replace(partial, where=(*partial.where, *resolved))

    def _on_left(
        self, left: list[Partial], right: list[Partial], node: exp.Join
    ) -> list[Partial]:
        inner = self._single(right, left)
        leaf = inner.leaves[0]
        conditions = [*_using(node, left, right), *conjuncts(node.args.get("on"))]
        found = []
        for outer in left:
            keys, filters = _split_keys(
                conditions, outer, inner, node, "LEFT JOIN", is_anti=True
            )
            joined = replace(leaf, kind="left", keys=keys, filter=(*inner.where, *filters))
            found.append(
                Partial(
                    (*outer.leaves, joined), outer.where, {**outer.scope, **inner.scope}
                )
            )
        return found

    def _single(self, partials: list[Partial], beside: list[Partial]) -> Partial:
        """The inner side of an outer or semi join as one leaf that shows plain columns."""
        if len(partials) == 1:
            (partial,) = partials
            plain = all(
                isinstance(strip(node), exp.Column)
                for offered in partial.scope.values()
                for node in offered.values()
            )
            read = {leaf.table.sql for other in beside for leaf in other.leaves}
            if len(partial.leaves) == 1 and plain and partial.leaves[0].table.sql not in read:
                return partial
        names = {
            (alias, name): f"{alias}__{name}" if len(partials[0].scope) > 1 else name
            for alias, offered in partials[0].scope.items()
            for name in offered
            if not name.startswith("__")
        }
        block = Block(
            tuple(
                Branch(
                    partial.leaves,
                    partial.where,
                    {shown: partial.scope[a][n] for (a, n), shown in names.items()},
                )
                for partial in partials
            )
        )
        stage = self.bag(block, f"{self.model}__joined")
        alias = self._alias("joined")
        scope: Scope = {}
        for (a, n), shown in names.items():
            scope.setdefault(a, {})[n] = column(alias, shown)
        return Partial((Leaf(alias, stage),), (), scope)

    # ---- WHERE --------------------------------------------------------------------

    def condition(
        self, partials: list[Partial], node: exp.Expr, ctes: dict[str, exp.Expr]
    ) -> list[Partial]:
        """Add one conjunct of WHERE: a filter, or a semi or anti join."""
        node = strip(node)
        inner = strip(node.this) if isinstance(node, exp.Not) else node
        negated = isinstance(node, exp.Not)
        if isinstance(inner, exp.Exists):
            return self.semi(partials, inner.this, [], negated, inner, ctes)
        if isinstance(inner, exp.In) and inner.args.get("query") is not None:
            if negated:
                refuse("NOT IN (SELECT …) cannot be maintained", node,
                       "use NOT EXISTS, which says what happens with NULL")
            return self.semi(partials, inner.args["query"].this, [inner.this], False, inner, ctes)
        _refuse_subquery(node, "WHERE")
        return [replace(p, where=(*p.where, p.resolve(node))) for p in partials]

    def semi(
        self,
        partials: list[Partial],
        query: exp.Expr,
        compared: list[exp.Expr],
        negated: bool,
        shown: exp.Expr,
        ctes: dict[str, exp.Expr],
    ) -> list[Partial]:
        """EXISTS, NOT EXISTS and IN as semi and anti joins on equality."""
        while isinstance(query, exp.Subquery):
            query = query.this
        is_plain = isinstance(query, exp.Select) and not any(
            query.args.get(name) for name in ("group", "having", "distinct", "limit", "with_")
        ) and not any(part.find(exp.AggFunc, exp.Window) for part in query.selects)
        if is_plain:
            assert isinstance(query, exp.Select)  # noqa: S101  is_plain says so
            inner = self.from_clause(query, ctes, rank_filters(query))
            outputs = [part.unalias() for part in query.selects]
            where = list(conjuncts(query.args["where"].this if query.args.get("where") else None))
        else:
            alias = self._alias("found")
            block = self.query(query, ctes)
            names = [f"c{i}" for i in range(1, len(block.names) + 1)]
            inner = [
                Partial(b.leaves, b.where, {alias: dict(zip(names, b.outputs.values(), strict=True))})
                for b in block.branches
            ]
            outputs = [column(alias, name) for name in names]
            where = []
        pairs: list[exp.Expr] = [
            exp.EQ(this=outer.copy(), expression=part.copy())
            for outer, part in zip(compared, outputs, strict=False)
        ]
        local, correlated = [], []
        for condition in where:
            (local if inner[0].knows(condition) else correlated).append(condition)
        for condition in local:
            inner = self.condition(inner, condition, ctes)
        single = self._single(inner, partials)
        leaf = single.leaves[0]
        label = "NOT EXISTS" if negated else "IN" if compared else "EXISTS"
        found = []
        for outer in partials:
            # Names inside hide the names outside, as SQL has it.
            seen = replace(outer, scope={a: c for a, c in outer.scope.items() if a not in single.scope})
            conditions = correlated
            keys, filters = _split_keys(
                conditions, seen, single, shown, label, is_anti=negated
            )
            keys += tuple(
                (outer.resolve(pair.this), single.resolve(pair.expression)) for pair in pairs
            )
            if not keys:
                refuse(f"{label} without an equality between inner and outer columns cannot be maintained",
                       shown, "correlate it: where inner.column = outer.column")
            joined = replace(
                leaf,
                kind="anti" if negated else "semi",
                keys=keys,
                filter=(*single.where, *filters),
            )
            found.append(replace(outer, leaves=(*outer.leaves, joined)))
        return found

    # ---- stages -------------------------------------------------------------------

    def bag(self, block: Block, name: str) -> Table:
        """Keep a block as rows."""
        keys = _source_keys(block)
        outputs = {n: [b.outputs[n] for b in block.branches] for n in block.names}
        if keys is None:
            block = block.with_outputs(outputs)
            table = self._table(name, (ROW_ID,))
            stage: Stage = KeylessBag(table, block, carried=tuple(outputs))
        else:
            (branch,) = block.branches
            names = []
            for number, node in enumerate(keys, 1):
                known = next((n for n, e in branch.outputs.items() if e == node), None)
                if known is None:
                    known = f"__key{number}"
                    outputs[known] = [node]
                names.append(known)
            block = block.with_outputs(outputs)
            stage = Bag(self._table(name, tuple(names)), block)
        return self.add(stage)

    def distinct(self, block: Block) -> Block:
        """Group by every output."""
        stage = Aggregate(self._table(f"{self.model}__distinct", tuple(block.names)), block)
        table = self.add(stage)
        alias = self._alias("distinct")
        outputs: dict[str, exp.Expr] = {name: column(alias, name) for name in block.names}
        return Block((Branch((Leaf(alias, table),), (), outputs),))

    def aggregate(self, partials: list[Partial], grouping: Grouping) -> Block:
        """GROUP BY with its aggregates; HAVING filters what it gives."""
        outputs = {
            name: [partial.resolve(node) for partial in partials]
            for name, node in grouping.inputs.items()
        }
        block = Block(
            tuple(
                Branch(p.leaves, p.where, {n: parts[i] for n, parts in outputs.items()})
                for i, p in enumerate(partials)
            )
        )
        if len(block.branches) > 1 and outputs:
            block = self._same_types(block)
        types = {c.name: c for c in self.describe(full_sql(block, inline=True))} if outputs else {}
        accumulators = grouping.accumulators(types)
        finish(grouping, types)
        keys = tuple(grouping.keys)
        distincts = {}
        for state, argument in grouping.distinct_counts():
            chosen = {n: [b.outputs[n] for b in block.branches] for n in (*keys, argument)}
            values = block.with_outputs(chosen)
            set_only = Block(
                tuple(
                    replace(b, where=(*b.where, exp.Is(this=grouped(b.outputs[argument]).copy(),
                                                       expression=exp.Null(), negate=True)))
                    for b in values.branches
                )
            )
            distincts[state] = self.add(
                Aggregate(self._table(f"{self.model}__values", (*keys, argument)), set_only)
            )
        table = self._table(f"{self.model}__groups", keys or (ONE,))
        stage = Aggregate(
            table, block, accumulators=accumulators, distincts=distincts, one_row=not keys
        )
        made = self.add(stage)
        alias = self._alias("groups")
        shown = grouping.results(alias)
        having = tuple(grouping.having(alias))
        return Block((Branch((Leaf(alias, made),), having, shown),))

    def distinct_on(
        self, node: exp.Select, partials: list[Partial], keys: exp.Expr, block: Block
    ) -> Block:
        """DISTINCT ON (keys) … ORDER BY keys, order."""
        if node.args.get("group"):
            refuse("DISTINCT ON over GROUP BY cannot be maintained", node, "group in a CTE first")
        on = list(keys.expressions) if isinstance(keys, exp.Tuple) else [strip(keys)]
        texts = {render(strip(part)) for part in on}
        ordered = node.args["order"].expressions if node.args.get("order") else []
        order = [part for part in ordered if render(strip(part.this)) not in texts]
        return self._first(partials, on, order, block)

    def ranked(
        self,
        query: exp.Expr,
        ranking: tuple[exp.Select, str, exp.Window],
        alias: str,
        ctes: dict[str, exp.Expr],
        ranks: Ranking,
    ) -> Block:
        """A SELECT with row_number() whose reader keeps number 1."""
        select, name, window = ranking
        condition = ranks.conditions.get((alias, name))
        if condition is None or not isinstance(query, (exp.Select, exp.Subquery)):
            refuse("a window function cannot be maintained unless row_number() is filtered to 1",
                   select, f"in the next SELECT write: where {alias}.{name} = 1")
        ranks.used.add(id(condition))
        plain = select.copy()
        plain.set("expressions", [p for p in plain.selects if p.alias_or_name != name])
        if plain.args.get("group") or plain.args.get("distinct"):
            refuse("row_number() over GROUP BY or DISTINCT cannot be maintained", select,
                   "group in one CTE and number the rows in the next")
        if plain.args.get("with_"):
            ctes = dict(ctes)
            for cte in plain.args["with_"].expressions:
                ctes[cte.alias] = _Cte(cte.this, dict(ctes), _alias_columns(cte))
            plain.set("with_", None)
        inner_ranks = rank_filters(plain)
        partials = self.from_clause(plain, ctes, inner_ranks)
        for part in conjuncts(plain.args["where"].this if plain.args.get("where") else None):
            if id(strip(part)) not in inner_ranks.used:
                partials = self.condition(partials, part, ctes)
        block = _block(partials, dict(_outputs(plain)))
        order = window.args["order"].expressions if window.args.get("order") else []
        first = self._first(partials, window.args.get("partition_by") or [], order, block)
        position = [p.alias_or_name for p in select.selects].index(name)
        (branch,) = first.branches
        items = list(branch.outputs.items())
        one: exp.Expr = exp.Cast(this=exp.Literal.number(1), to=_type("bigint"))
        items.insert(position, (name, one))
        return Block((replace(branch, outputs=dict(items)),))

    def _first(
        self,
        partials: list[Partial],
        keys: Iterable[exp.Expr],
        order: Iterable[exp.Expr],
        block: Block,
    ) -> Block:
        """Plan the first row of each partition."""
        outputs = {n: [b.outputs[n] for b in block.branches] for n in block.names}

        def known(node: exp.Expr, fallback: str) -> str:
            parts = [partial.resolve(strip(node)) for partial in partials]
            for name, have in outputs.items():
                if [render(strip(p)) for p in have] == [render(strip(p)) for p in parts]:
                    return name
            outputs[fallback] = parts
            return fallback

        names = [known(node, f"__key{i}") for i, node in enumerate(keys, 1)]
        if not names:
            outputs[ONE] = [exp.true() for _ in partials]
            names = [ONE]
        by = []
        for number, part in enumerate(order, 1):
            descending = bool(part.args.get("desc"))
            name = known(part.this, f"__by{number}")
            nulls_first = part.args.get("nulls_first")
            by.append((name, descending, descending if nulls_first is None else bool(nulls_first)))
        body = block.with_outputs(outputs)
        if len(body.branches) > 1:
            body = self._same_types(body)
        types = {c.name: c for c in self.describe(full_sql(body, inline=True))}
        stage = TopOne(
            self._table(f"{self.model}__first", tuple(names)),
            body,
            order=tuple(OrderKey(n, d, f, types[n].is_builtin) for n, d, f in by),
        )
        table = self.add(stage)
        alias = self._alias("first")
        shown: dict[str, exp.Expr] = {name: column(alias, name) for name in block.names}
        return Block((Branch((Leaf(alias, table),), (), shown),))

    def components(self, links: exp.Expr, ctes: dict[str, exp.Expr]) -> Block:
        """Connected components over distinct links."""
        block = self.query(links, ctes)
        for name in ("a", "b"):
            if not block.never_null(name):
                refuse(
                    f"links with a NULL end ({name}) cannot be maintained as components",
                    links,
                    f"filter them out in the model's links: where {name} is not null",
                )
        distinct = self.distinct(block)
        table = self.add(Components(self._table(f"{self.model}__labels", (NODE,)), distinct))
        alias = self._alias("labels")
        shown: dict[str, exp.Expr] = {n: column(alias, n) for n in (NODE, COMPONENT)}
        return Block((Branch((Leaf(alias, table),), (), shown),))

    def add(self, stage: Stage) -> Table:
        """Take a stage into the plan; the same work twice is one stage. Return its table."""
        text = f"{type(stage).__name__} {stage.build_sql()} {stage}"
        # Aliases differ from use to use, so the text is compared with them numbered afresh.
        signature = (type(stage).__name__, _canonical(text, stage))
        if signature in self._stage_of:
            self.taken.discard(stage.table.name)
            return self._stage_of[signature]
        definition = self._definition(stage)
        columns = [
            replace(c, not_null=c.not_null or _is_set(stage, c.name))
            for c in self.describe(definition)
        ]
        table = replace(
            typed(stage.table, columns), definition=definition, level=stage.block.level
        )
        if stage.distincts if isinstance(stage, Aggregate) else False:
            highest = max(t.level for t in stage.distincts.values())  # type: ignore[attr-defined]
            table = replace(table, level=max(table.level, highest + 1))
        self.stages.append(replace(stage, table=table))
        self._stage_of[signature] = table
        return table

    def _definition(self, stage: Stage) -> str:
        """The stage's build query over base tables only."""
        text = stage.build_sql()
        inlined = full_sql(stage.block, inline=True)
        return text.replace(full_sql(stage.block), inlined)

    def _table(self, name: str, key: tuple[str, ...]) -> Table:
        return Table(STATE, free(name, self.taken), (), key)

    def _alias(self, name: str) -> str:
        base = name if name.strip("_") else "t"
        return f"{base.encode()[:48].decode(errors='ignore')}_{next(self._numbers)}"


class _Cte(exp.Expression):
    """A CTE that waits to be planned where it is read, with the CTEs it may read itself."""

    def __init__(self, query: exp.Expr, ctes: dict[str, exp.Expr], columns: list[str]) -> None:
        super().__init__()
        self.query = query
        self.ctes = ctes
        self.columns = columns


def refuse(primary: str, node: exp.Expr, hint: str) -> NoReturn:
    """Raise Unmaintainable with the SQL it is about; the compiler adds file and line."""
    text = render(node)
    raise Unmaintainable(primary, text if len(text) < 200 else text[:197] + "...", hint)


def _describe(node: exp.Expr) -> str:
    if isinstance(node, exp.Lateral):
        return "LATERAL"
    if isinstance(node, exp.Values):
        return "VALUES"
    if isinstance(node, (exp.Unnest, exp.Table)):
        return "a function"
    return node.key.upper()


def _refuse_clauses(node: exp.Select) -> None:
    group = node.args.get("group")
    if group is not None:
        for name, label in (("rollup", "ROLLUP"), ("cube", "CUBE"), ("grouping_sets", "GROUPING SETS")):
            if group.args.get(name):
                refuse(f"{label} cannot be maintained", node, "union all of one GROUP BY each")
    if node.args.get("windows") and not any(p.find(exp.Window) for p in node.selects):
        node.set("windows", None)
    if node.args.get("locks"):
        refuse("FOR UPDATE cannot be maintained", node, "leave it out")
    for part in node.selects:
        _refuse_subquery(part, "SELECT")
        for name in ("Unnest", "Explode", "GenerateSeries"):
            found = part.find(getattr(exp, name))
            if found:
                refuse("a set-returning function cannot be maintained", part, "keep one row per row")


def _refuse_subquery(node: exp.Expr, clause: str) -> None:
    found = node.find(exp.Select, exp.SetOperation)
    if found is not None:
        refuse(f"a subquery in {clause} cannot be maintained here", node,
               "join the subquery in FROM, or use EXISTS, NOT EXISTS or IN as a condition of its own"
               " in WHERE")


def _outputs(node: exp.Select) -> Iterable[tuple[str, exp.Expr]]:
    """Output names (unique by now: Postgres checked) and expressions."""
    for number, part in enumerate(node.selects, 1):
        yield part.alias_or_name or f"?column?{number}", part.unalias()


def _alias_columns(node: exp.Expr) -> list[str]:
    alias = node.args.get("alias")
    return [c.name for c in alias.columns] if isinstance(alias, exp.TableAlias) else []


def _block(partials: list[Partial], outputs: dict[str, exp.Expr]) -> Block:
    return Block(
        tuple(
            Branch(p.leaves, p.where, {name: p.resolve(node) for name, node in outputs.items()})
            for p in partials
        )
    )


def _combined(a: Partial, b: Partial) -> Partial:
    """Two FROM items side by side; outer-joined leaves come after the inner ones."""
    leaves = (*a.leaves, *b.leaves)
    return Partial(leaves, (*a.where, *b.where), {**a.scope, **b.scope})


def _using(node: exp.Join, left: list[Partial], right: list[Partial]) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    for name in node.args.get("using") or []:
        a = next(x for x, cols in left[0].scope.items() if name.name in cols)
        b = next(x for x, cols in right[0].scope.items() if name.name in cols)
        found.append(exp.EQ(this=column(a, name.name), expression=column(b, name.name)))
    return found


def _split_keys(
    conditions: list[exp.Expr],
    outer: Partial,
    inner: Partial,
    shown: exp.Expr,
    label: str,
    *,
    is_anti: bool,
) -> tuple[tuple[tuple[exp.Expr, exp.Expr], ...], tuple[exp.Expr, ...]]:
    """Sort the conditions of a left, semi or anti join.

    Equalities between the sides become keys; conditions on the inner side filter it;
    conditions on the outer side alone make the key NULL where they do not hold.
    """
    keys: list[tuple[exp.Expr, exp.Expr]] = []
    filters: list[exp.Expr] = []
    gates: list[exp.Expr] = []
    for condition in conditions:
        _refuse_subquery(condition, label)
        both = equality(condition)
        if inner.knows(condition) and references(condition):
            filters.append(inner.resolve(condition))
        elif outer.knows(condition):
            gates.append(outer.resolve(condition))
        elif both and outer.knows(both[0]) and inner.knows(both[1]):
            keys.append((outer.resolve(both[0]), inner.resolve(both[1])))
        elif both and inner.knows(both[0]) and outer.knows(both[1]):
            keys.append((outer.resolve(both[1]), inner.resolve(both[0])))
        else:
            refuse(f"{label} on a condition other than equality cannot be maintained", shown,
                   "join on equal columns, and filter afterwards")
    if not keys and label == "LEFT JOIN":
        refuse("LEFT JOIN without an equality between both sides cannot be maintained", shown,
               "join on equal columns")
    if gates and keys:
        gate = exp.and_(*gates, copy=True)
        value, other = keys[0]
        keys[0] = (exp.Case(ifs=[exp.If(this=gate, true=value)]), other)
    elif gates and is_anti:
        refuse(f"{label} on the outer side alone cannot be maintained", shown, "join on equal columns")
    return tuple(keys), tuple(filters)


def _renamed(branch: Branch, fresh: dict[str, str]) -> Branch:
    def move(node: exp.Expr) -> exp.Expr:
        return substitute(node, lambda c: column(fresh.get(c.table, c.table), c.name))

    return Branch(
        tuple(
            replace(
                leaf,
                alias=fresh[leaf.alias],
                keys=tuple((move(a), move(b)) for a, b in leaf.keys),
                filter=tuple(move(f) for f in leaf.filter),
            )
            for leaf in branch.leaves
        ),
        tuple(move(node) for node in branch.where),
        {name: move(node) for name, node in branch.outputs.items()},
    )


def _source_keys(block: Block) -> list[exp.Expr] | None:
    """Expressions that name a row of the block, or None where rows have no name."""
    if len(block.branches) != 1:
        return None
    (branch,) = block.branches
    equal: list[tuple[str, set[str]]] = []
    for condition in branch.where:
        both = equality(condition)
        if both:
            for one, other in (both, both[::-1]):
                equal.append((render(strip(one)), aliases(other)))
    keys: list[exp.Expr] = []
    fixed: set[str] = set()
    for leaf in branch.of_kind("inner", "left"):
        if not leaf.table.key or leaf.table.weight:
            return None
        own = {render(column(leaf.alias, name)): name for name in leaf.table.key}
        if leaf.kind == "left":
            joined = {render(strip(inner)) for _, inner in leaf.keys}
            if set(own) <= joined:
                continue  # at most one row matches
        determined = all(
            any(text == one and other and other <= fixed for one, other in equal) for text in own
        )
        fixed.add(leaf.alias)
        if determined and keys:
            continue
        keys += [column(leaf.alias, name) for name in leaf.table.key]
    return keys or None


def _is_set(stage: Stage, name: str) -> bool:
    """Whether a state column is provably not null."""
    if name in (WEIGHT, COUNT, ONE, ROW_ID, NODE, COMPONENT):
        return True
    return name in stage.block.names and (
        not isinstance(stage, KeylessBag) and stage.block.never_null(name)
    )


def _canonical(text: str, stage: Stage) -> str:
    names = {}
    for branch in stage.block.branches:
        for leaf in branch.leaves:
            names.setdefault(leaf.alias, f"leaf{len(names) + 1}")
    parts = [type(stage).__name__, repr(stage.table.key)]
    for branch in stage.block.branches:
        moved = _renamed(branch, names)
        parts.append(full_sql(Block((moved,))))
    for name in ("accumulators", "carried", "order", "one_row", "distincts"):
        parts.append(repr(getattr(stage, name, None)))
    return "\n".join(parts)


def _type(text: str) -> exp.DataType:
    return exp.DataType.build(text, dialect="postgres", udt=True)

