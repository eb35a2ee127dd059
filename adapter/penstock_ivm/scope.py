"""A FROM clause so far: which leaves, which conditions, and what each alias offers."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Call, Leaf
from penstock_ivm.errors import Unmaintainable
from penstock_ivm.expressions import references, render, substitute

Scope = dict[str, dict[str, exp.Expr]]
"""alias -> column -> expression over leaves."""


@dataclass(frozen=True)
class Cte:
    """A CTE that waits to be planned where it is read, or is planned; and what it may read."""

    query: exp.Expr | Block
    ctes: Ctes
    columns: list[str]


Ctes = dict[str, Cte]


@dataclass(frozen=True)
class Partial:
    """A FROM clause so far: leaves, conditions, and what each alias offers."""

    leaves: tuple[Leaf, ...] = ()
    where: tuple[exp.Expr, ...] = ()
    scope: Scope = field(default_factory=dict, hash=False)
    calls: tuple[Call, ...] = ()

    @staticmethod
    def of(branch: Branch, scope: Scope) -> Partial:
        """What a branch reads, offered as `scope`."""
        return Partial(branch.leaves, branch.where, scope, branch.calls)

    def branch(self, outputs: dict[str, exp.Expr]) -> Branch:
        """Show expressions over the leaves."""
        return Branch(self.leaves, self.where, outputs, self.calls)

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


def combined(a: Partial, b: Partial) -> Partial:
    """Two FROM items side by side; outer-joined leaves come after the inner ones."""
    leaves = (*a.leaves, *b.leaves)
    return Partial(leaves, (*a.where, *b.where), {**a.scope, **b.scope}, (*a.calls, *b.calls))


def project(partials: list[Partial], outputs: dict[str, exp.Expr]) -> Block:
    """Project expressions of the query out of a FROM clause."""
    return Block(
        tuple(p.branch({name: p.resolve(node) for name, node in outputs.items()}) for p in partials)
    )
