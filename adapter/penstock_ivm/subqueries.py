"""Subqueries in expressions: joins to what they answer.

A condition of its own in WHERE (EXISTS, IN, ANY, ALL and their negations) filters by a semi or
anti join. Anywhere else a subquery is one value for each row: a left join to that value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from penstock_ivm.block import Block, Leaf
from penstock_ivm.expressions import column, conjuncts, grouped, reads_table, render, strip
from penstock_ivm.grouping_sets import has_grouping_sets
from penstock_ivm.joins import Pair, left_join, semi_join
from penstock_ivm.keys import looked_up
from penstock_ivm.passes.correlation import (
    free_columns,
    is_aggregated,
    untied,
    with_keys,
)
from penstock_ivm.passes.limits import without_idle_limit
from penstock_ivm.passes.ranking import is_always_true
from penstock_ivm.refusals import refuse
from penstock_ivm.relation import STATE
from penstock_ivm.scope import Ctes, Partial, combined, project

if TYPE_CHECKING:
    from penstock_ivm.plan import Planner

THERE = "there"
# sql/functions/scalar_subquery.sql
SINGLE_VALUE = "single_value"
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

    # ---- conditions -----------------------------------------------------------------

    def condition(self, partials: list[Partial], node: exp.Expr, ctes: Ctes) -> list[Partial]:
        """Add one conjunct of WHERE: a filter, or a semi or anti join."""
        if not reads_table(node):
            return [replace(p, where=(*p.where, p.resolve(node))) for p in partials]
        inner, negated = strip(node), False
        while isinstance(inner, exp.Not):
            inner, negated = strip(inner.this), not negated
        of_one_row = self._of_one_row(inner)
        if of_one_row is not None:
            answer = exp.Not(this=exp.Paren(this=of_one_row)) if negated else of_one_row
            return self.condition(partials, answer, ctes)
        if isinstance(inner, exp.Exists):
            query = without_idle_limit(_bare(inner.this))
            return self._semi(partials, query, lambda _: ([], []), negated, ctes)
        if isinstance(inner, exp.In) and inner.args.get("query") is not None:
            return self._in(partials, inner, negated, ctes)
        quantified = _quantified(inner)
        if quantified is not None:
            return self._any_or_all(partials, inner, quantified, negated, ctes)
        partials, (value,) = self.values(partials, [node], ctes)
        return [
            p if is_always_true(made) else replace(p, where=(*p.where, made))
            for p, made in ((p, p.resolve(value)) for p in partials)
        ]

    def _in(
        self, partials: list[Partial], node: exp.Expr, negated: bool, ctes: Ctes
    ) -> list[Partial]:
        compared = _row(node.this)
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
                same = exp.and_(*(_equal(a, b) for a, b in zip(compared, found, strict=True)))
                return [], [_is_not(same, exp.false())]

            return self._semi(partials, query, unless_different, True, ctes)
        (value,) = compared
        # x NOT IN S: no s equals x, none is NULL, and x is not NULL unless S is empty.
        found = self._semi(partials, query, lambda s: ([(value, s[0])], []), True, ctes)
        found = self._semi(found, query, lambda s: ([], [_is_null(s[0])]), True, ctes)
        if all(p.branch({}).never_null(p.resolve(value)) for p in found):
            return found
        return self._semi(found, query, lambda _: ([], [_is_null(value)]), True, ctes)

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
                return [], [_is_not(holds, exp.false()) if negated else holds]
            return [], [_is(holds, exp.false()) if negated else _is_not(holds, exp.true())]

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
        query = _bare(query)
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
            asked = self._decorrelated(partials, query)
            alias = self.builder.alias("found")
            block = self.planner.query(asked.query, ctes)
            names = [f"c{i}" for i in range(len(block.names) - asked.keys)]
            inner = _offered(block, alias, [*_key_names(asked.keys), *names])
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
        of_one_row = self._of_one_row(node)
        if of_one_row is not None:
            return self._value(partials, of_one_row, ctes)
        if isinstance(node, exp.Exists):
            query = without_idle_limit(_bare(node.this))
            return self._scalar(partials, _there_are(query, self._is_simple), ctes)
        if isinstance(node, exp.In) and node.args.get("query") is not None:
            return self._value(partials, self._in_value(node), ctes)
        quantifier = _quantified(node)
        if quantifier is not None:
            return self._scalar(partials, _quantified_value(node, quantifier), ctes)
        if isinstance(node, exp.Array) and isinstance(node.expressions[0], exp.Select):
            return self._scalar(partials, self._array(node), ctes)
        if isinstance(node, (exp.Select, exp.SetOperation, exp.Subquery)):
            return self._scalar(partials, _bare(node), ctes)
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

    def _of_one_row(self, node: exp.Expr) -> exp.Expr | None:
        """EXISTS, IN, ANY and ALL of an aggregate without GROUP BY, over its value.

        It has one row, also where it aggregates nothing, unless HAVING says no.
        """
        quantifier = _quantified(node)
        if quantifier is not None:
            query = _bare(quantifier.this)
        elif isinstance(node, exp.Exists):
            query = _bare(node.this)
        elif isinstance(node, exp.In) and node.args.get("query") is not None:
            query = _bare(node.args["query"])
        else:
            return None
        if not isinstance(query, exp.Select) or not free_columns(query):
            return None
        clauses = ("limit", "offset", "fetch", "distinct")
        if any(query.args.get(name) for name in clauses):
            return None
        if not is_aggregated(query, self.planner.is_call):
            return None

        def value(part: exp.Expr) -> exp.Expr:
            one = query.copy()
            one.set("having", None)
            one.set("order", None)
            one.set("expressions", [part.copy()])
            return exp.Subquery(this=one)

        having = query.args.get("having")
        found = [value(part.unalias()) for part in query.selects]
        answer: exp.Expr = exp.true()
        otherwise: exp.Expr = exp.false()
        if quantifier is not None:
            answer = node.copy()
            answer.set("expression", found[0])
            otherwise = exp.true() if isinstance(quantifier, exp.All) else otherwise
        elif isinstance(node, exp.In):
            pairs = zip(_row(node.this), found, strict=True)
            answer = exp.and_(*(_equal(a, b) for a, b in pairs))
        if having is None:
            return exp.Paren(this=answer)
        held = exp.If(this=value(having.this), true=answer)
        return exp.Paren(this=exp.Case(ifs=[held], default=otherwise))

    def _in_value(self, node: exp.In) -> exp.Expr:
        """IN as a value: true, false, or unknown where only a NULL stands in the way."""
        query = _bare(node.args["query"])
        compared = _row(node.this)
        names = [f"c{i}" for i in range(len(compared))]
        rows = _derived(query, "__in", names)
        inside = [column("__in", name) for name in names]
        same = exp.and_(*(_equal(a, b) for a, b in zip(compared, inside, strict=True)))
        hit = exp.Exists(this=rows.where(same))
        if len(compared) == 1:
            null_in = exp.Exists(this=rows.where(_is_null(inside[0])))
            some = exp.and_(_is_null(compared[0]), exp.Exists(this=rows.copy()))
            unknown: exp.Expr = exp.or_(null_in, exp.Paren(this=some))
        else:
            unknown = exp.Exists(this=rows.where(_is_null(exp.Paren(this=same))))
        return exp.Paren(
            this=exp.Case(
                ifs=[
                    exp.If(this=hit, true=exp.true()),
                    exp.If(
                        this=unknown,
                        true=exp.Cast(this=exp.Null(), to=exp.DataType.build("boolean")),
                    ),
                ],
                default=exp.false(),
            )
        )

    def _scalar(
        self, partials: list[Partial], query: exp.Expr, ctes: Ctes
    ) -> tuple[list[Partial], exp.Expr]:
        """Join the one value that a subquery gives for each row: NULL where it has no row."""
        select = self._one_row(query)
        alias = self.builder.alias("value")
        aggregated = is_aggregated(select, self.planner.is_call)
        select = _having_as_value(select) if aggregated else select
        (value,) = (part.unalias() for part in select.selects)
        asked = self._decorrelated(partials, select)
        block = self.planner.query(asked.query, ctes)
        inner = _offered(block, alias, [*_key_names(asked.keys), "value"])
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
                one.set("expressions", [_only(one.selects[0].unalias())])
                return one
        return _derived(query, "__rows", ["c1"]).select(_only(column("__rows", "c1")), append=False)

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

    # ---- correlation ----------------------------------------------------------------

    def _decorrelated(self, partials: list[Partial], query: exp.Expr) -> _Asked:
        """Ask a subquery for all outer rows at once."""
        if not free_columns(query):
            return _Asked(query, 0, [])
        if has_grouping_sets(query):
            refuse(
                "GROUPING SETS in a correlated subquery cannot be maintained:"
                " the empty set has a row where there are no rows",
                query,
                "group in a CTE, and join it",
            )
        found = untied(query) if isinstance(query, exp.Select) else None
        if found is None:
            return self._for_each(partials, query)
        rest, ties = found
        keys = dict(zip(_key_names(len(ties)), (inner for _, inner in ties), strict=True))
        pairs: list[Pair] = [
            (outer, column("", name)) for name, (outer, _) in zip(keys, ties, strict=True)
        ]
        return _Asked(with_keys(rest, keys, self.planner.is_call), len(keys), pairs)

    def _for_each(self, partials: list[Partial], query: exp.Expr) -> _Asked:
        """Ask a subquery for each distinct combination of the outer columns it reads."""
        wanted: dict[str, exp.Column] = {}
        for found in free_columns(query):
            wanted.setdefault(render(found), found)
        columns = list(wanted.values())
        with_ = query.args.get("with_")
        if with_ is not None and free_columns(with_):
            refuse(
                "a WITH query that reads columns from outside its subquery cannot be maintained",
                query,
                "move the WITH query's SELECT into the subquery's FROM",
            )
        block = project(partials, {f"c{i}": node for i, node in enumerate(columns)})
        if len(block.branches) > 1:
            block = self.builder.same_types(block)
        domain = self.builder.distinct(block).branches[0].leaves[0].table
        self.planner.tables[domain.schema, domain.name] = domain
        pairs: list[Pair] = []
        for i, name in enumerate(_key_names(len(columns))):
            kind = domain.column(f"c{i}")
            mine, theirs = looked_up(kind, columns[i]), looked_up(kind, column("", name))
            pairs += zip(mine, theirs, strict=True)
        return _Asked(self._over(query, domain.name, wanted), len(columns), pairs)

    def _over(self, query: exp.Expr, domain: str, wanted: dict[str, exp.Column]) -> exp.Expr:
        """Put the domain into a query's FROM, and its columns in place of the outer ones."""
        query = _bare(query).copy()
        if isinstance(query, exp.SetOperation):
            query.set("this", self._over(query.this, domain, wanted))
            query.set("expression", self._over(query.expression, domain, wanted))
            return query
        alias = self.builder.alias("outer")
        keys = {name: column(alias, f"c{i}") for i, name in enumerate(_key_names(len(wanted)))}
        numbers = {text: i for i, text in enumerate(wanted)}
        inside = [c for c in free_columns(query) if render(c) in numbers]
        for found in inside:
            found.replace(column(alias, f"c{numbers[render(found)]}"))
        table = exp.Table(
            this=exp.to_identifier(domain, quoted=True),
            db=exp.to_identifier(STATE, quoted=True),
            alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)),
        )
        start = query.args.get("from_")
        joins = list(query.args.get("joins") or [])
        if start is not None:
            joins.insert(0, exp.Join(this=start.this, kind="CROSS"))
        query.set("from_", exp.From(this=table))
        query.set("joins", joins)
        assert isinstance(query, exp.Select)  # noqa: S101  SetOperation is handled above
        return with_keys(query, keys, self.planner.is_call)

    # ---- LATERAL --------------------------------------------------------------------

    def lateral(self, left: list[Partial], node: exp.Join, ctes: Ctes) -> list[Partial]:
        """JOIN LATERAL (SELECT …): what the subquery answers, for each row on the left."""
        item = node.this
        query = _bare(item.this)
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
        asked = self._decorrelated(left, query)
        block = self.planner.query(asked.query, ctes)
        outputs = block.names[asked.keys :]
        shown = [*named, *outputs[len(named) :]]
        inner = _offered(block, alias, [*_key_names(asked.keys), *shown])
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


@dataclass(frozen=True)
class _Asked:
    """A subquery without outer columns: its first outputs are `keys` keys.

    pairs: (outer expression, expression over a key, as a column without alias) that are equal.
    """

    query: exp.Expr
    keys: int
    pairs: list[Pair]

    def tied(self, alias: str) -> list[exp.Expr]:
        """The conditions that join it, when it has this alias."""
        return [
            exp.EQ(
                this=outer.copy(),
                expression=inner.transform(
                    lambda n: column(alias, n.name) if isinstance(n, exp.Column) else n
                ),
            )
            for outer, inner in self.pairs
        ]


def _key_names(count: int) -> list[str]:
    return [f"key{i}" for i in range(count)]


def _offered(block: Block, alias: str, names: list[str]) -> list[Partial]:
    """What a block shows, under an alias; and THERE, true unless a left join finds nothing."""
    return [
        Partial.of(
            b, {alias: dict(zip(names, b.outputs.values(), strict=True)) | {THERE: exp.true()}}
        )
        for b in block.branches
    ]


def _bare(query: exp.Expr) -> exp.Expr:
    while isinstance(query, (exp.Subquery, exp.Paren)):
        query = query.this
    return query


def _row(node: exp.Expr) -> list[exp.Expr]:
    """The parts of a row value, or the one value."""
    node = strip(node)
    return list(node.expressions) if isinstance(node, exp.Tuple) else [node]


def _quantified(node: exp.Expr) -> exp.Expr | None:
    """The ANY (SELECT …) or ALL (SELECT …) on the right of a comparison."""
    right = strip(node.expression) if isinstance(node, exp.Binary) else None
    if isinstance(right, (exp.Any, exp.All)) and isinstance(
        _bare(right.this), (exp.Select, exp.SetOperation)
    ):
        return right
    return None


def _equal(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.EQ(this=grouped(left).copy(), expression=grouped(right).copy())


def _is(node: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.Is(this=exp.Paren(this=node.copy()), expression=value)


def _is_not(node: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Paren(this=_is(node, value)))


def _is_null(node: exp.Expr) -> exp.Expr:
    return _is(node, exp.Null())


def _derived(query: exp.Expr, alias: str, names: list[str]) -> exp.Select:
    """SELECT FROM (query) AS alias(names)."""
    named = exp.TableAlias(
        this=exp.to_identifier(alias, quoted=True),
        columns=[exp.to_identifier(name, quoted=True) for name in names],
    )
    source = exp.Subquery(this=query.copy(), alias=named)
    return exp.Select(expressions=[exp.true()], from_=exp.From(this=source))


def _there_are(query: exp.Expr, is_simple: Callable[[exp.Select], bool]) -> exp.Select:
    """SELECT count(*) > 0 of the query's rows."""
    some = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(0))
    if isinstance(query, exp.Select) and is_simple(query):
        found = query.copy()
        found.set("order", None)
    else:
        found = _derived(query, "__rows", ["c1"])
    found.set("expressions", [some])
    return found


def _quantified_value(node: exp.Expr, quantifier: exp.Expr) -> exp.Select:
    """ANY is true for one true, else unknown for one unknown, else false; ALL the other way."""
    holds = node.copy()
    holds.set("expression", column("__rows", "c1"))
    yes, no = exp.true(), exp.false()
    if isinstance(quantifier, exp.All):
        yes, no = no, yes

    def some(value: exp.Expr) -> exp.Expr:
        counted = exp.Filter(
            this=exp.Count(this=exp.Star()), expression=exp.Where(this=_is(holds, value))
        )
        return exp.GT(this=counted, expression=exp.Literal.number(0))

    unknown = exp.Cast(this=exp.Null(), to=exp.DataType.build("boolean"))
    answer = exp.Case(
        ifs=[exp.If(this=some(yes), true=yes.copy()), exp.If(this=some(exp.Null()), true=unknown)],
        default=no,
    )
    found = _derived(_bare(quantifier.this), "__rows", ["c1"])
    found.set("expressions", [answer])
    return found


def _only(value: exp.Expr) -> exp.Expr:
    """The one value of a scalar subquery: more rows than one are an error."""

    def call(name: str, argument: exp.Expr) -> exp.Expr:
        function = exp.Anonymous(this=name, expressions=[argument])
        return exp.Dot(this=exp.to_identifier("penstock"), expression=function)

    one = call("at_most_one", exp.Count(this=exp.Star()))
    return exp.Case(ifs=[exp.If(this=one, true=call(SINGLE_VALUE, value.copy()))])


def _having_as_value(select: exp.Select) -> exp.Select:
    """HAVING of the one group of an aggregate: without it there is no row, which reads as NULL."""
    having = select.args.get("having")
    if having is None:
        return select
    found = select.copy()
    found.set("having", None)
    gate = exp.If(this=having.this.copy(), true=select.selects[0].unalias().copy())
    found.set("expressions", [exp.Case(ifs=[gate])])
    return found
