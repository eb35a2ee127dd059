"""LIMIT 0, which dbt's --empty writes around every input: a query that never has a row."""

from __future__ import annotations

from sqlglot import exp

from penstock_ivm.expressions import strip
from penstock_ivm.passes.group_levels import IsCall
from penstock_ivm.passes.limits import row_count
from penstock_ivm.passes.windows import is_grouped


def without_rows(query: exp.Expr, is_call: IsCall) -> exp.Expr:
    """Write LIMIT 0 anywhere in a query as a condition that no row meets: it needs no order."""
    found = query.copy()
    for node in list(found.find_all(exp.Select, exp.SetOperation)):
        limit = node.args.get("limit")
        count = limit.args.get("count") if isinstance(limit, exp.Fetch) else limit
        count = count.expression if isinstance(count, exp.Limit) else count
        if isinstance(count, exp.Literal) and row_count(count) == "0":
            for name in ("limit", "offset"):
                node.set(name, None)
            _empty(node, is_call)
    return found


def _empty(query: exp.Expr, is_call: IsCall) -> None:
    query = strip(query)
    while isinstance(query, exp.Subquery):
        query = query.this
    if isinstance(query, exp.SetOperation):
        _empty(query.this, is_call)
        _empty(query.expression, is_call)
    elif isinstance(query, exp.Select):
        adding = query.having if is_grouped(query, is_call) else query.where
        adding(exp.false(), copy=False)
