"""Take what is asked of groups out of the SELECT that makes them.

    SELECT k, sum(x), (SELECT … WHERE … = k) FROM t GROUP BY k HAVING sum(x) > (SELECT …)
    SELECT g.c1, g.c2, (SELECT … WHERE … = g.c1)
    FROM (SELECT k AS c1, sum(x) AS c2 FROM t GROUP BY k) AS g WHERE g.c2 > (SELECT …)

A subquery there is asked once a group, so it belongs to a SELECT over the groups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlglot import exp

from penstock_ivm.expressions import column, conjuncts, named, render, strip
from penstock_ivm.passes.correlation import source_names

GROUPS = "__grouped"

_WRAPPERS = (exp.Filter, exp.IgnoreNulls, exp.RespectNulls)

IsCall = Callable[[exp.Expr], bool]


def over_groups(
    select: exp.Select, is_call: IsCall, keys: Iterable[exp.Expr] | None = None
) -> exp.Select:
    """Return a SELECT over the groups of `select`, which are a derived table of it.

    keys: what it groups by, unless GROUP BY lists just that.
    """
    inner, outer = select.copy(), select.copy()
    for clause in ("group", "joins", "where", "having", "laterals"):
        outer.set(clause, None)
    for clause in ("distinct", "order", "limit", "offset", "fetch", "windows", "with_", "having"):
        inner.set(clause, None)
    group = select.args.get("group")
    if keys is None:
        keys = group.expressions if group is not None else []
    names = _Names(set(source_names(select)), is_call)
    for key in keys:
        names.take(strip(key))
    having = select.args.get("having")
    conditions = list(conjuncts(having.this if having is not None else None))
    outer.set(
        "expressions",
        [named(names.rewrite(part.unalias()), part.alias_or_name) for part in outer.selects],
    )
    for clause in ("order", "distinct", "windows"):
        found = outer.args.get(clause)
        if isinstance(found, exp.Expr):
            outer.set(clause, names.rewrite(found))
    above = [names.rewrite(condition) for condition in conditions]
    inner.set("expressions", [named(node, name) for name, node in names.taken.items()])
    alias = exp.TableAlias(this=exp.to_identifier(GROUPS, quoted=True))
    outer.set("from_", exp.From(this=exp.Subquery(this=inner, alias=alias)))
    return outer.where(*above, copy=False) if above else outer


class _Names:
    """Group keys and aggregates by the names that the derived table gives them."""

    def __init__(self, sources: set[str], is_call: IsCall) -> None:
        self.sources = sources
        self.is_call = is_call
        self.taken: dict[str, exp.Expr] = {}
        self._by_text: dict[str, str] = {}

    def take(self, node: exp.Expr) -> exp.Expr:
        text = render(node)
        if text not in self._by_text:
            name = f"c{len(self.taken) + 1}"
            self._by_text[text] = name
            self.taken[name] = node
        return column(GROUPS, self._by_text[text])

    def rewrite(self, node: exp.Expr, *, below: bool = False) -> exp.Expr:
        """Exchange keys and aggregates for columns; `below`: inside a subquery."""
        bare = strip(node)
        subject = bare.this if isinstance(bare, exp.Filter) else bare
        is_call = self.is_call(strip(subject))
        # count(*) inside counts the rows inside, whatever is counted in the same words here.
        if not (is_call and below and not self._is_mine(bare)):
            is_known = render(bare) in self._by_text and not isinstance(bare, exp.Ordered)
            if is_known or is_call:
                return self.take(bare)
        below = below or isinstance(node, (exp.Select, exp.SetOperation))
        # A window function over groups is not an aggregate: its arguments are.
        keep = node.this if isinstance(node, exp.Window) else None
        copy = node.copy()
        for key, value in node.args.items():
            if value is keep and keep is not None:
                copy.set(key, self._arguments(keep, below=below))
            elif isinstance(value, exp.Expr):
                copy.set(key, self.rewrite(value, below=below))
            elif isinstance(value, list):
                copy.set(
                    key,
                    [self.rewrite(v, below=below) if isinstance(v, exp.Expr) else v for v in value],
                )
        return copy

    def _arguments(self, call: exp.Expr, *, below: bool) -> exp.Expr:
        copy = call.copy()
        wrapped = "this" if isinstance(call, _WRAPPERS) else "expression"
        for key, value in call.args.items():
            if isinstance(call, (*_WRAPPERS, exp.Dot)) and key == wrapped:
                copy.set(key, self._arguments(value, below=below))
            elif isinstance(value, exp.Expr):
                copy.set(key, self.rewrite(value, below=below))
            elif isinstance(value, list):
                copy.set(
                    key,
                    [self.rewrite(v, below=below) if isinstance(v, exp.Expr) else v for v in value],
                )
        return copy

    def _is_mine(self, call: exp.Expr) -> bool:
        """Whether an aggregate inside a subquery is one of the groups around it."""
        columns = list(call.find_all(exp.Column))
        return bool(columns) and all(c.table in self.sources for c in columns)
