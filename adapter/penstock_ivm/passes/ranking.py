"""Recognise a ranking function in one SELECT and `rank <= n` in the SELECT that reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlglot import exp

from penstock_ivm.expressions import conjuncts, strip
from penstock_ivm.passes.windows import windows_apart, windows_of

Ranking = dict[tuple[str, str], int]
"""(alias, column) -> the largest number that WHERE lets through."""


@dataclass(frozen=True)
class Ranked:
    """A SELECT with one ranking function among its outputs: which, where, over what."""

    select: exp.Select = field(hash=False)
    position: int
    window: exp.Window = field(hash=False)

    @property
    def name(self) -> str:
        """The name of the output."""
        return self.select.selects[self.position].alias_or_name

    def shown_as(self, names: list[str]) -> str:
        """The output's name where the first ones are given these: `from (…) as r (a, b)`."""
        return names[self.position] if self.position < len(names) else self.name


def rank_filters(select: exp.Select) -> Ranking:
    """Collect the conditions of WHERE that keep numbers up to one: `= 3`, `<= 3`, `< 4`."""
    found: Ranking = {}
    where = select.args.get("where")
    for condition in conjuncts(where.this if where is not None else None):
        for column, most in _kept(condition):
            key = (column.table, column.name)
            found[key] = min(most, found.get(key, most))
    return found


def is_always_true(condition: exp.Expr) -> bool:
    """Whether a condition compares numbers, and holds: `1 = 1`, `1 <= 1`."""
    condition = strip(condition)
    if not isinstance(condition, (exp.EQ, exp.LTE)):
        return False
    left, right = _number(condition.this), _number(condition.expression)
    if left is None or right is None:
        return False
    return left == right if isinstance(condition, exp.EQ) else left <= right


def _kept(condition: exp.Expr) -> list[tuple[exp.Column, int]]:
    condition = strip(condition)
    if isinstance(condition, exp.Between):
        both = [(condition.this, condition.args["high"], 0)]
    elif isinstance(condition, (exp.EQ, exp.LTE, exp.LT)):
        less = int(isinstance(condition, exp.LT))
        both = [(condition.this, condition.expression, less)]
        if isinstance(condition, exp.EQ):
            both.append((condition.expression, condition.this, 0))
    elif isinstance(condition, (exp.GTE, exp.GT)):
        both = [(condition.expression, condition.this, int(isinstance(condition, exp.GT)))]
    else:
        return []
    found = []
    for column, limit, less in both:
        number = _number(limit)
        column = strip(column)  # noqa: PLW2901
        if isinstance(column, exp.Column) and number is not None:
            found.append((column, max(number - less, 0)))
    return found


def _number(node: exp.Expr) -> int | None:
    node = strip(node)
    while isinstance(node, (exp.Cast, exp.Paren)):
        node = strip(node.this)
    if isinstance(node, exp.Add):
        parts = [_number(node.this), _number(node.expression)]
        return None if None in parts else sum(part or 0 for part in parts)
    is_whole = isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit()
    return int(node.name) if is_whole else None


def find_ranking(query: exp.Expr, is_call: Callable[[exp.Expr], bool]) -> Ranked | None:
    """Find the one row_number() or rank() among a SELECT's outputs, over plain rows."""
    while isinstance(query, (exp.Subquery, exp.Paren)):
        query = query.this
    query = windows_apart(query, is_call)
    if not isinstance(query, exp.Select):
        return None
    if any(query.args.get(name) for name in ("distinct", "group", "having", "limit", "offset")):
        return None
    windows = [i for i, part in enumerate(query.selects) if windows_of([part])]
    if len(windows) != 1:
        return None
    window = strip(query.selects[windows[0]].unalias())
    if not isinstance(window, exp.Window) or not isinstance(window.this, (exp.RowNumber, exp.Rank)):
        return None
    return Ranked(query, windows[0], window)
