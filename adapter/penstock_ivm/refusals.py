"""Refusing what cannot be maintained, with the SQL it is about."""

from __future__ import annotations

from typing import NoReturn

from sqlglot import exp

from penstock_ivm.errors import Unmaintainable
from penstock_ivm.expressions import render


def refuse(primary: str, node: exp.Expr, hint: str) -> NoReturn:
    """Raise Unmaintainable with the SQL it is about; the compiler adds file and line."""
    text = render(node)
    raise Unmaintainable(primary, text if len(text) < 200 else text[:197] + "...", hint)


def describe_item(node: exp.Expr) -> str:
    """Name what stands in FROM."""
    if isinstance(node, exp.Lateral):
        return "LATERAL"
    return node.key.upper()


def refuse_clauses(node: exp.Select) -> None:
    """Refuse the clauses of a SELECT that no operator maintains."""
    if node.args.get("windows") and not any(p.find(exp.Window) for p in node.selects):
        node.set("windows", None)
    if node.args.get("locks"):
        refuse("FOR UPDATE cannot be maintained", node, "leave it out")
