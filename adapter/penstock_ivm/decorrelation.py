"""Correlated subqueries, asked for all outer rows at once.

Where equalities tie them to the outside their side becomes a key (passes/correlation.py). Else the
distinct combinations of the outer columns they read become a stage, and they are asked for each.
Source: Neumann, Kemper, "Unnesting Arbitrary Queries", BTW 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from penstock_ivm.block import Block
from penstock_ivm.expressions import column, render
from penstock_ivm.grouping_sets import has_grouping_sets
from penstock_ivm.joins import Pair
from penstock_ivm.keys import looked_up
from penstock_ivm.passes.correlation import free_columns, untied, with_keys
from penstock_ivm.passes.subquery_values import bare
from penstock_ivm.refusals import refuse
from penstock_ivm.relation import STATE
from penstock_ivm.scope import Partial, project

if TYPE_CHECKING:
    from penstock_ivm.plan import Planner

THERE = "there"


@dataclass(frozen=True)
class Asked:
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


class Correlation:
    """Asks the subqueries of one planner's queries."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self.builder = planner.builder

    def ask(self, partials: list[Partial], query: exp.Expr) -> Asked:
        """Ask a subquery for all outer rows at once."""
        if not free_columns(query):
            return Asked(query, 0, [])
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
        keys = dict(zip(key_names(len(ties)), (inner for _, inner in ties), strict=True))
        pairs: list[Pair] = [
            (outer, column("", name)) for name, (outer, _) in zip(keys, ties, strict=True)
        ]
        return Asked(with_keys(rest, keys, self.planner.is_call), len(keys), pairs)

    def _for_each(self, partials: list[Partial], query: exp.Expr) -> Asked:
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
            block, _ = self.builder.same_types(block)
        domain = self.builder.distinct(block).branches[0].leaves[0].table
        self.planner.tables[domain.schema, domain.name] = domain
        pairs: list[Pair] = []
        for i, name in enumerate(key_names(len(columns))):
            kind = domain.column(f"c{i}")
            mine, theirs = looked_up(kind, columns[i]), looked_up(kind, column("", name))
            pairs += zip(mine, theirs, strict=True)
        return Asked(self._over(query, domain.name, wanted), len(columns), pairs)

    def _over(self, query: exp.Expr, domain: str, wanted: dict[str, exp.Column]) -> exp.Expr:
        """Put the domain into a query's FROM, and its columns in place of the outer ones."""
        query = bare(query).copy()
        if isinstance(query, exp.SetOperation):
            query.set("this", self._over(query.this, domain, wanted))
            query.set("expression", self._over(query.expression, domain, wanted))
            return query
        alias = self.builder.alias("outer")
        keys = {name: column(alias, f"c{i}") for i, name in enumerate(key_names(len(wanted)))}
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


def key_names(count: int) -> list[str]:
    """What a subquery calls its first outputs."""
    return [f"key{i}" for i in range(count)]


def offered(block: Block, alias: str, names: list[str]) -> list[Partial]:
    """What a block shows, under an alias; and THERE, true unless a left join finds nothing."""
    return [
        Partial.of(
            b, {alias: dict(zip(names, b.outputs.values(), strict=True)) | {THERE: exp.true()}}
        )
        for b in block.branches
    ]
