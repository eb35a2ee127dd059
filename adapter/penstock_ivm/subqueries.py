"""Subqueries in expressions: joins to what they answer.

A condition of its own in WHERE (EXISTS, IN, ANY, ALL and their negations) filters by a semi or
anti join. Anywhere else a subquery is one value for each row: a left join to that value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from penstock_ivm.block import Leaf
from penstock_ivm.decorrelation import THERE, Correlation, key_names, offered
from penstock_ivm.expressions import column, conjuncts, grouped, reads_table, render, strip
from penstock_ivm.joins import Pair, left_join, semi_join
from penstock_ivm.passes.correlation import free_columns, is_aggregated, untied
from penstock_ivm.passes.limits import without_idle_limit
from penstock_ivm.passes.ranking import is_always_true
from penstock_ivm.passes.subquery_values import (
    SINGLE_VALUE,
    bare,
    derived,
    equal,
    having_as_value,
    in_value,
    is_,
    is_not,
    is_null,
    of_one_row,
    only,
    quantified,
    quantified_value,
    row,
    there_are,
)
from penstock_ivm.refusals import refuse
from penstock_ivm.scope import Ctes, Partial, combined, project

if TYPE_CHECKING:
    from penstock_ivm.plan import Planner

_HIDDEN = "\0"
# Whatever else an aggregate gives for no rows, it is NULL.
_COUNTS = frozenset({"count", "regr_count"})
_ALWAYS = frozenset({"rank", "dense_rank", "percent_rank", "cume_dist"})
_STRICT = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.Cast, exp.Paren, exp.Round)


class Subqueries:
    """Plans the subqueries of one planner's queries."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self.builder = planner.builder
        self.correlation = Correlation(planner)

    # ---- conditions -----------------------------------------------------------------

    def condition(self, partials: list[Partial], node: exp.Expr, ctes: Ctes) -> list[Partial]:
        """Add one conjunct of WHERE: a filter, or a semi or anti join."""
        if not reads_table(node):
            return [replace(p, where=(*p.where, p.resolve(node))) for p in partials]
        inner, negated = strip(node), False
        while isinstance(inner, exp.Not):
            inner, negated = strip(inner.this), not negated
        one = of_one_row(inner, self.planner.is_call)
        if one is not None:
            answer = exp.Not(this=exp.Paren(this=one)) if negated else one
            return self.condition(partials, answer, ctes)
        if isinstance(inner, exp.Exists):
            query = without_idle_limit(bare(inner.this))
            return self._semi(partials, query, lambda _: ([], []), negated, ctes)
        if isinstance(inner, exp.In) and inner.args.get("query") is not None:
            return self._in(partials, inner, negated, ctes)
        quantifier = quantified(inner)
        if quantifier is not None:
            return self._any_or_all(partials, inner, quantifier, negated, ctes)
        partials, (value,) = self.values(partials, [node], ctes)
        return [
            p if is_always_true(made) else replace(p, where=(*p.where, made))
            for p, made in ((p, p.resolve(value)) for p in partials)
        ]

    def _in(
        self, partials: list[Partial], node: exp.Expr, negated: bool, ctes: Ctes
    ) -> list[Partial]:
        compared = row(node.this)
        query = node.args["query"].this
        if not negated:
            return self._semi(
                partials,
                query,
                lambda found: (list(zip(compared, found, strict=True)), []),
                negated,
                ctes,
            )
        if len(compared) > 1:
            # Of rows it may be unknown whether they are equal in more ways than one.
            def unless_different(found: list[exp.Expr]) -> tuple[list[Pair], list[exp.Expr]]:
                same = exp.and_(*(equal(a, b) for a, b in zip(compared, found, strict=True)))
                return [], [is_not(same, exp.false())]

            return self._semi(partials, query, unless_different, True, ctes)
        (value,) = compared
        # x NOT IN S: no s equals x, none is NULL, and x is not NULL unless S is empty.
        found = self._semi(partials, query, lambda s: ([(value, s[0])], []), True, ctes)
        found = self._semi(found, query, lambda s: ([], [is_null(s[0])]), True, ctes)
        if all(p.branch({}).never_null(p.resolve(value)) for p in found):
            return found
        return self._semi(found, query, lambda _: ([], [is_null(value)]), True, ctes)

    def _any_or_all(
        self,
        partials: list[Partial],
        node: exp.Expr,
        quantifier: exp.Expr,
        negated: bool,
        ctes: Ctes,
    ) -> list[Partial]:
        """`x op ANY (S)`: some s holds; `x op ALL (S)`: none that does not, or is unknown."""
        is_any = isinstance(quantifier, exp.Any)

        def compared(found: list[exp.Expr]) -> tuple[list[Pair], list[exp.Expr]]:
            holds = node.copy()
            holds.set("expression", grouped(found[0]).copy())
            holds = exp.Paren(this=holds)
            if is_any:
                return [], [is_not(holds, exp.false()) if negated else holds]
            return [], [is_(holds, exp.false()) if negated else is_not(holds, exp.true())]

        return self._semi(partials, quantifier.this, compared, is_any == negated, ctes)

    def _semi(
        self,
        partials: list[Partial],
        query: exp.Expr,
        compare: Callable[[list[exp.Expr]], tuple[list[Pair], list[exp.Expr]]],
        negated: bool,
        ctes: Ctes,
    ) -> list[Partial]:
        """Keep rows for which the query has (negated: has not) a row that compares so.

        compare: the query's outputs -> (what must be equal, further conditions).
        """
        query = bare(query)
        if isinstance(query, exp.Select) and self._is_plain(query):
            inner, conditions = self.planner.joined(query, ctes)
            correlated = []
            for condition in conditions:
                if inner[0].knows(condition) or condition.find(exp.Select, exp.SetOperation):
                    inner = self.condition(inner, condition, ctes)
                else:
                    correlated.append(condition)
            pairs, others = compare([part.unalias() for part in query.selects])
        else:
            asked = self.correlation.ask(partials, query)
            alias = self.builder.alias("found")
            block = self.planner.query(asked.query, ctes)
            names = [f"c{i}" for i in range(len(block.names) - asked.keys)]
            inner = offered(block, alias, [*key_names(asked.keys), *names])
            correlated = asked.tied(alias)
            pairs, others = compare([column(alias, name) for name in names])
        return semi_join(
            self.builder, partials, inner, pairs, [*correlated, *others], negated=negated
        )

    def _is_plain(self, query: exp.Select) -> bool:
        """Whether a subquery is FROM and WHERE, tied to the outside by conditions alone."""
        clauses = ("group", "having", "distinct", "limit", "offset", "fetch", "with_")
        if any(query.args.get(name) for name in clauses):
            return False
        if query.args.get("from_") is None or is_aggregated(query, self.planner.is_call):
            return False
        if any(part.find(exp.Window, exp.Select) for part in query.selects):
            return False
        apart = query.copy()
        where = apart.args.get("where")
        kept = [
            c
            for c in conjuncts(where.this if where is not None else None)
            if c.find(exp.Select, exp.SetOperation)
        ]
        # A condition without subqueries may read outer columns, and so may an output.
        apart.set("where", exp.Where(this=exp.and_(*kept, copy=True)) if kept else None)
        apart.set("expressions", [exp.true()])
        return not free_columns(apart)

    # ---- values ---------------------------------------------------------------------

    def values(
        self, partials: list[Partial], nodes: list[exp.Expr], ctes: Ctes
    ) -> tuple[list[Partial], list[exp.Expr]]:
        """Join what the subqueries in these expressions answer; return both without them."""
        found = []
        for node in nodes:
            partials, value = self._value(partials, node, ctes)
            found.append(value)
        return partials, found

    def _value(
        self, partials: list[Partial], node: exp.Expr, ctes: Ctes
    ) -> tuple[list[Partial], exp.Expr]:
        if not reads_table(node):
            return partials, node
        one = of_one_row(node, self.planner.is_call)
        if one is not None:
            return self._value(partials, one, ctes)
        if isinstance(node, exp.Exists):
            query = without_idle_limit(bare(node.this))
            return self._scalar(partials, there_are(query, self._is_simple), ctes)
        if isinstance(node, exp.In) and node.args.get("query") is not None:
            return self._value(partials, in_value(node), ctes)
        quantifier = quantified(node)
        if quantifier is not None:
            return self._scalar(partials, quantified_value(node, quantifier), ctes)
        if isinstance(node, exp.Array) and isinstance(node.expressions[0], exp.Select):
            return self._scalar(partials, self._array(node), ctes)
        if isinstance(node, (exp.Select, exp.SetOperation, exp.Subquery)):
            return self._scalar(partials, bare(node), ctes)
        copy = node.copy()
        for key, value in node.args.items():
            if isinstance(value, exp.Expr):
                partials, made = self._value(partials, value, ctes)
                copy.set(key, made)
            elif isinstance(value, list):
                made_list = []
                for item in value:
                    if isinstance(item, exp.Expr):
                        partials, item = self._value(partials, item, ctes)  # noqa: PLW2901
                    made_list.append(item)
                copy.set(key, made_list)
        return partials, copy

    def _scalar(
        self, partials: list[Partial], query: exp.Expr, ctes: Ctes
    ) -> tuple[list[Partial], exp.Expr]:
        """Join the one value that a subquery gives for each row: NULL where it has no row."""
        select = self._one_row(query)
        alias = self.builder.alias("value")
        aggregated = is_aggregated(select, self.planner.is_call)
        select = having_as_value(select) if aggregated else select
        (value,) = (part.unalias() for part in select.selects)
        asked = self.correlation.ask(partials, select)
        block = self.planner.query(asked.query, ctes)
        inner = offered(block, alias, [*key_names(asked.keys), "value"])
        if aggregated and not asked.keys:
            one = self._kept(inner[0], alias)
            return [combined(p, one) for p in partials], column(alias, "value")
        joined = left_join(self.builder, partials, inner, asked.tied(alias))
        answer: exp.Expr = column(alias, "value")
        return joined, self._or_of_nothing(answer, alias, value) if aggregated else answer

    def _kept(self, one: Partial, alias: str) -> Partial:
        """The value of one row, in a table of its own unless it is a column already.

        Every outer row reads it: they are asked again when the value changes, not when the
        counts that it is made of do.
        """
        value = one.scope[alias]["value"]
        if isinstance(strip(value), exp.Column) and not one.where:
            return one
        block = project([one], {"value": column(alias, "value")})
        table = self.builder.bag(block, f"{self.builder.model}__value")
        leaf = Leaf(self.builder.alias("kept"), table)
        return Partial((leaf,), (), {alias: {"value": column(leaf.alias, "value")}})

    def _or_of_nothing(self, answer: exp.Expr, alias: str, value: exp.Expr) -> exp.Expr:
        """The answer of a group, or what the aggregates are where there is no group."""
        otherwise = self._of_nothing(value)
        if isinstance(otherwise, exp.Null):
            return answer
        there = exp.If(this=column(alias, THERE), true=answer)
        return exp.Paren(this=exp.Case(ifs=[there], default=otherwise))

    def _array(self, node: exp.Array) -> exp.Select:
        """ARRAY(SELECT x … ORDER BY y) as SELECT coalesce(array_agg(x ORDER BY y), '{}') …."""
        query: exp.Select = node.expressions[0].copy()
        order = query.args.get("order")
        if order is None or not self._is_simple(query):
            refuse(
                "ARRAY(SELECT …) without ORDER BY, or over groups, cannot be maintained",
                node,
                "write ARRAY(SELECT x FROM … ORDER BY x); group in a subquery in FROM",
            )
        value = query.selects[0].unalias()
        ordered = exp.Order(this=value.copy(), expressions=[o.copy() for o in order.expressions])
        gathered = exp.Coalesce(
            this=exp.ArrayAgg(this=ordered), expressions=[exp.Literal.string("{}")]
        )
        query.set("order", None)
        query.set("expressions", [gathered])
        return query

    def _one_row(self, query: exp.Expr) -> exp.Select:
        """Return the query as a SELECT that gives at most one row, or raises as SQL does."""
        if isinstance(query, exp.Select):
            if is_aggregated(query, self.planner.is_call):
                return query
            limit = query.args.get("limit") or query.args.get("fetch")
            count = limit and (limit.args.get("expression") or limit.args.get("count"))
            if count is not None and render(strip(count)) in (
                "1",
                "CAST(1 AS BIGINT)",
                "cast(1 as bigint)",
            ):
                return query
            if self._is_simple(query):
                if self._is_unique(query):
                    return query
                one = query.copy()
                one.set("order", None)
                one.set("expressions", [only(one.selects[0].unalias())])
                return one
        return derived(query, "__rows", ["c1"]).select(only(column("__rows", "c1")), append=False)

    def _is_simple(self, query: exp.Select) -> bool:
        clauses = ("group", "having", "distinct", "limit", "offset", "fetch", "with_")
        return (
            not any(query.args.get(name) for name in clauses)
            and query.args.get("from_") is not None
            and not any(part.find(exp.Window) for part in query.selects)
            and not is_aggregated(query, self.planner.is_call)
        )

    def _is_unique(self, query: exp.Select) -> bool:
        """Whether the ties to the outside name one row of the one table that is read."""
        item = query.args["from_"].this
        if query.args.get("joins") or not isinstance(item, exp.Table):
            return False
        table = self.planner.tables.get((item.db, item.name))
        found = untied(query)
        if table is None or not table.key or table.weight or found is None:
            return False
        tied = {strip(inner).name for _, inner in found[1] if isinstance(strip(inner), exp.Column)}
        return set(table.key) <= tied

    def _of_nothing(self, value: exp.Expr) -> exp.Expr:
        """What an expression over aggregates is when there are no rows."""
        bare = strip(value)
        subject = strip(bare.this) if isinstance(bare, exp.Filter) else bare
        if self.planner.is_call(subject):
            name = render(subject).split("(")[0].lower()
            if name in _COUNTS:
                return exp.Cast(this=exp.Literal.number(0), to=exp.DataType.build("bigint"))
            if ("." in name and name != f"penstock.{SINGLE_VALUE}") or name in _ALWAYS:
                refuse(
                    f"{name}() in a correlated subquery cannot be maintained:"
                    " it may have a value where there are no rows",
                    value,
                    "group in a CTE, join it with LEFT JOIN, and say what NULL is to be",
                )
            return exp.Null()
        copy = value.copy()
        for key, part in value.args.items():
            if isinstance(part, exp.Expr):
                copy.set(key, self._of_nothing(part))
            elif isinstance(part, list):
                copy.set(key, [self._of_nothing(p) if isinstance(p, exp.Expr) else p for p in part])
        parts = [p for p in copy.iter_expressions() if not isinstance(p, exp.DataType)]
        if isinstance(copy, _STRICT) and any(isinstance(p, exp.Null) for p in parts):
            return exp.Null()
        if isinstance(copy, exp.Case):
            answers = [branch.args["true"] for branch in copy.args["ifs"]]
            answers.append(copy.args.get("default") or exp.Null())
            if all(isinstance(strip(answer), exp.Null) for answer in answers):
                return exp.Null()
        if isinstance(copy, exp.Coalesce):
            known = [p for p in [copy.this, *copy.expressions] if not isinstance(p, exp.Null)]
            if len(known) < 2:
                return known[0] if known else exp.Null()
            return exp.Coalesce(this=known[0], expressions=known[1:])
        return copy

    # ---- LATERAL --------------------------------------------------------------------

    def lateral(self, left: list[Partial], node: exp.Join, ctes: Ctes) -> list[Partial]:
        """JOIN LATERAL (SELECT …): what the subquery answers, for each row on the left."""
        item = node.this
        query = bare(item.this)
        side = (node.side or "").upper()
        alias, named = item.alias_or_name, [c.name for c in item.args["alias"].columns]
        conditions = [
            c for c in conjuncts(node.args.get("on")) if not isinstance(strip(c), exp.Boolean)
        ]
        if not side and isinstance(query, exp.Select) and self._is_linear(query):
            return self._filtered(self._beside(left, query, alias, named, ctes), conditions, ctes)
        aggregated = isinstance(query, exp.Select) and is_aggregated(query, self.planner.is_call)
        if aggregated and ((side and conditions) or query.args.get("having")):
            refuse(
                "LATERAL with an aggregate and a condition on it cannot be maintained",
                node,
                "join ON true, and filter in WHERE",
            )
        asked = self.correlation.ask(left, query)
        block = self.planner.query(asked.query, ctes)
        outputs = block.names[asked.keys :]
        shown = [*named, *outputs[len(named) :]]
        inner = offered(block, alias, [*key_names(asked.keys), *shown])
        tied = asked.tied(alias)
        if side or (aggregated and asked.keys):
            joined = left_join(self.builder, left, inner, [*tied, *conditions])
        else:
            joined = self._filtered(
                [combined(a, b) for a in left for b in inner], [*tied, *conditions], ctes
            )
        if not (aggregated and asked.keys):
            return joined
        assert isinstance(query, exp.Select)  # noqa: S101  aggregated says so
        values = [part.unalias() for part in query.selects]
        answers = {
            name: self._or_of_nothing(column(alias, name), alias, value)
            for name, value in zip(shown, values, strict=True)
        }
        return [
            replace(p, scope={**p.scope, alias: {n: p.resolve(v) for n, v in answers.items()}})
            for p in joined
        ]

    def _is_linear(self, query: exp.Select) -> bool:
        return self._is_simple(query) and not query.args.get("order")

    def _beside(
        self,
        left: list[Partial],
        query: exp.Select,
        alias: str,
        named: list[str],
        ctes: Ctes,
    ) -> list[Partial]:
        """Join a linear subquery's own FROM to what it reads from: no state is needed."""
        # Names inside hide the names outside until the subquery ends.
        kept = [
            replace(p, scope={**p.scope, **{_HIDDEN + a: c for a, c in p.scope.items()}})
            for p in left
        ]
        found, conditions = self.planner.joined(query, ctes, kept)
        found = self._filtered(found, conditions, ctes)
        found, values = self.values(found, [part.unalias() for part in query.selects], ctes)
        outputs = [part.alias_or_name for part in query.selects]
        shown = [*named, *outputs[len(named) :]]
        return [
            replace(
                p,
                scope={a: p.scope[_HIDDEN + a] for a in left[0].scope}
                | {alias: {n: p.resolve(v) for n, v in zip(shown, values, strict=True)}},
            )
            for p in found
        ]

    def _filtered(
        self, partials: list[Partial], conditions: list[exp.Expr], ctes: Ctes
    ) -> list[Partial]:
        for condition in conditions:
            partials = self.condition(partials, condition, ctes)
        return partials
