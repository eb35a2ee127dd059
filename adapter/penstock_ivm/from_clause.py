"""FROM: tables, CTEs, subqueries and calls, and every kind of join of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from penstock_ivm.block import Block, Leaf
from penstock_ivm.builder import renamed_branch
from penstock_ivm.calls import called, is_bracketed, is_function, is_nothing, leads_with_lateral
from penstock_ivm.expressions import column, conjuncts
from penstock_ivm.joins import full_join, inner_join, join_conditions, left_join
from penstock_ivm.passes.correlation import reads_outside, subquery_columns
from penstock_ivm.passes.ranking import Ranking, find_ranking
from penstock_ivm.refusals import describe_item, refuse
from penstock_ivm.scope import Ctes, Partial, Scope
from penstock_ivm.spelling import NOTHING

if TYPE_CHECKING:
    from penstock_ivm.plan import Planner


class FromClause:
    """Plans the FROM clauses of one planner's queries."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self.builder = planner.builder

    def plan(
        self,
        node: exp.Select,
        ctes: Ctes,
        ranks: Ranking,
        start: list[Partial] | None = None,
    ) -> list[Partial]:
        """Plan FROM with all its joins, beside `start` where LATERAL reads from it."""
        first = node.args.get("from_")
        if first is None:
            return start or [Partial()]
        if start is None:
            partials = self._source(first.this, ctes, ranks)
        else:
            partials = self._join(start, exp.Join(this=first.this, kind="CROSS"), ctes, ranks)
        for join in node.args.get("joins") or []:
            partials = self._join(partials, join, ctes, ranks)
        return partials

    def _source(self, node: exp.Expr, ctes: Ctes, ranks: Ranking) -> list[Partial]:
        """Plan one FROM item, with the joins that hang on it."""
        joins = node.args.get("joins") or []
        match node:
            case _ if is_function(node):
                partials = [called(self.builder, node)]
            case exp.Table() if node.name == NOTHING:
                partials = [Partial()]
            case exp.Table():
                partials = self._named(node, ctes, ranks)
            case exp.Subquery() if node.alias:
                partials = self._derived(node.this, node, ctes, ranks)
            case exp.Subquery() | exp.Paren():
                partials = self._source(node.this, ctes, ranks)
            case _:
                refuse(
                    f"{describe_item(node)} in FROM cannot be maintained",
                    node,
                    "read from tables, views and subqueries",
                )
        for join in joins:
            partials = self._join(partials, join, ctes, ranks)
        return partials

    def _named(self, node: exp.Table, ctes: Ctes, ranks: Ranking) -> list[Partial]:
        """A table, or a CTE."""
        if node.args.get("sample") is not None or node.find(exp.TableSample):
            refuse("TABLESAMPLE cannot be maintained", node, "filter by a hash of the key")
        if not node.db and node.name in ctes:
            cte = ctes[node.name]
            return self._derived(cte.query, node, cte.ctes, ranks, cte.columns)
        table = self.planner.tables.get((node.db, node.name))
        if table is None:
            refuse("the system catalogue cannot be maintained", node, "copy it into a table")
        alias = self.builder.alias(node.alias_or_name)
        names = alias_columns(node) or []
        shown = [c.name for c in table.columns if not c.name.startswith("__") or not table.is_state]
        offered = dict(zip(names, shown, strict=False)) | {
            name: name for name in [c.name for c in table.columns][len(names) :]
        }
        scope: Scope = {
            node.alias_or_name: {seen: column(alias, real) for seen, real in offered.items()}
        }
        return [Partial((Leaf(alias, table),), (), scope)]

    def _derived(
        self,
        query: exp.Expr | Block,
        node: exp.Expr,
        ctes: Ctes,
        ranks: Ranking,
        columns: list[str] | None = None,
    ) -> list[Partial]:
        """A subquery or a CTE: pulled up where it is linear, a stage where it is not."""
        alias = node.alias_or_name
        names = (alias_columns(node) or []) or (columns or [])
        ranked = None if isinstance(query, Block) else find_ranking(query, self.planner.is_call)
        most = ranks.get((alias, ranked.shown_as(names))) if ranked is not None else None
        if isinstance(query, Block):
            block = query
        elif ranked is not None and most is not None:
            block = self.planner.ranked(ranked, most, ctes)
        else:
            block = self.planner.query(query, ctes)
        shown = [*names, *block.names[len(names) :]]
        found = []
        for branch in block.branches:
            fresh = {
                item.alias: self.builder.alias(item.alias.rstrip("0123456789_"))
                for item in branch.items
            }
            moved = renamed_branch(branch, fresh)
            found.append(
                Partial.of(moved, {alias: dict(zip(shown, moved.outputs.values(), strict=True))})
            )
        return found

    def _join(
        self,
        left: list[Partial],
        node: exp.Join,
        ctes: Ctes,
        ranks: Ranking,
    ) -> list[Partial]:
        """Plan one join onto what stands left of it."""
        side, kind = (node.side or "").upper(), (node.kind or "").upper()
        if node.args.get("method"):
            refuse(
                f"{node.args['method']} JOIN cannot be maintained", node, "write the condition out"
            )
        if is_function(node.this) and side in ("", "LEFT"):
            return self._join_call(left, node, ctes)
        if isinstance(node.this, exp.Lateral):
            return self.planner.subqueries.lateral(left, node, ctes)
        if (
            not side
            and is_bracketed(node.this)
            and (leads_with_lateral(node.this) or reads_outside(node.this))
        ):
            found = self._beside(left, node.this, ctes, ranks)
            for condition in conjuncts(node.args.get("on")):
                found = self.planner.subqueries.condition(found, condition, ctes)
            return found
        if isinstance(node.this, exp.Subquery) and node.this.alias and reads_outside(node.this):
            return self.planner.subqueries.lateral(left, node, ctes)
        right = self._source(node.this, ctes, ranks)
        if side == "FULL":
            return full_join(self.builder, left, right, node)
        if side in ("LEFT", "RIGHT"):
            outer, inner = (left, right) if side == "LEFT" else (right, left)
            conditions = []
            for condition in join_conditions(node, left, right):
                part = condition
                if part.find(exp.Select):
                    outer, inner, part = self._answered(outer, inner, part, ctes)
                conditions.append(part)
            return left_join(self.builder, outer, inner, conditions)
        if not side and kind in ("", "INNER", "CROSS"):
            found = inner_join(left, right, node)
            for condition in conjuncts(node.args.get("on")):
                found = self.planner.subqueries.condition(found, condition, ctes)
            return found
        refuse(
            f"{side} {kind} JOIN cannot be maintained".replace("  ", " "),
            node,
            "use an inner or left join",
        )

    def _beside(
        self,
        left: list[Partial],
        item: exp.Expr,
        ctes: Ctes,
        ranks: Ranking,
    ) -> list[Partial]:
        """A CROSS JOIN (b JOIN c), where what is in brackets reads from a: one after the other."""
        if is_bracketed(item):
            found = self._beside(left, item.this, ctes, ranks)
        elif is_nothing(item):
            found = left
        else:
            alone = item.copy()
            alone.set("joins", None)
            found = self._join(left, exp.Join(this=alone, kind="CROSS"), ctes, ranks)
        for join in item.args.get("joins") or []:
            if (join.side or "").upper() in ("RIGHT", "FULL"):
                refuse(
                    f"a {join.side} JOIN of what reads from outside its brackets"
                    " cannot be maintained",
                    join,
                    "write it as a LEFT JOIN, or as a subquery of its own",
                )
            found = self._join(found, join, ctes, ranks)
        return found

    def _join_call(self, left: list[Partial], node: exp.Join, ctes: Ctes) -> list[Partial]:
        """Join a function or VALUES, which may read what stands left of it."""
        found = []
        for outer in left:
            right = [called(self.builder, node.this, outer.resolve)]
            if node.side:
                conditions = join_conditions(node, left, right)
                found += left_join(self.builder, [outer], right, conditions)
                continue
            both = inner_join([outer], right, node)
            for condition in conjuncts(node.args.get("on")):
                both = self.planner.subqueries.condition(both, condition, ctes)
            found += both
        return found

    def _answered(
        self,
        outer: list[Partial],
        inner: list[Partial],
        condition: exp.Expr,
        ctes: Ctes,
    ) -> tuple[list[Partial], list[Partial], exp.Expr]:
        """Join what the subqueries of ON answer, to the side whose columns they read."""
        read = {c.table for c in subquery_columns(condition)}
        if read <= set(inner[0].scope):
            inner, (made,) = self.planner.subqueries.values(inner, [condition], ctes)
        elif read <= set(outer[0].scope):
            outer, (made,) = self.planner.subqueries.values(outer, [condition], ctes)
        else:
            refuse(
                "a subquery in ON that reads both sides of an outer join cannot be maintained",
                condition,
                "join the subquery in FROM",
            )
        return outer, inner, made


def alias_columns(node: exp.Expr) -> list[str]:
    """The columns that an alias names, as in `AS t (a, b)`."""
    alias = node.args.get("alias")
    return [c.name for c in alias.columns] if isinstance(alias, exp.TableAlias) else []
