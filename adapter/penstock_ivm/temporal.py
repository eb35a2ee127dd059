"""Temporal filters: `ts > now() - interval '7 days'`, kept true by a clock that ticks.

A view whose SELECT compares rows with now() has a clock: a table of one row, the time that
the view believes. Everywhere now() stands for that time, so between two ticks the view is an
ordinary one. A tick moves the clock from c0 to c1. A comparison `e > g(now())` then changes its
answer for exactly the rows with g(c0) < e <= g(c1), whatever g is: its order need not be kept.
So the delta of a tick starts at those rows, found by an index on e, and gives each of them
twice: as it was at c0, with -1, and as it is at c1, with +1. Rows whose comparisons all stay as
they were are not looked at. It is the valid-time expiration of Schmidt, Jensen, Šaltenis,
"Expiration Times for Data Management", ICDE 2006, told as one more bilinear term of the join.

Days and months are UTC's: arithmetic on the clock is done without a time zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NoReturn

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Condition, Leaf, driven_sql, moved
from penstock_ivm.delta import Delta
from penstock_ivm.errors import Unmaintainable
from penstock_ivm.expressions import aliases, column, equality, references, render, strip, walk
from penstock_ivm.relation import STATE, Column, Table
from penstock_ivm.session import ident

AT = "at"
_ALIAS, _WAS, _IS = "__clock", "__was", "__is"
_CLOCK = f"(select {ident(AT)} from {ident(STATE)}."

_MIRRORED: dict[type[exp.Expr], type[exp.Binary]] = {
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
    exp.EQ: exp.EQ,
    exp.NEQ: exp.NEQ,
}
# now() is looked for from here down to its comparison, not across another condition or query.
_BARRIERS = (exp.Select, exp.Case, exp.If, exp.And, exp.Or, exp.Not, exp.Any, exp.Tuple, exp.Is)
_HINT = (
    "compare a column with it, such as ts > now() - interval '7 days';"
    " show an age when reading the view"
)


def clock_table(name: str) -> Table:
    """Describe the clock of that name."""
    return Table(STATE, name, (Column(AT, "timestamp with time zone", not_null=True),))


def reads_now(query: exp.Expr) -> bool:
    """Whether a bound query asks for the time."""
    return any(_is_now(node) for node in query.walk())


def pinned(query: exp.Expr, clock: Table) -> exp.Expr:
    """Return the query with the clock's time for now(), every comparison with it in normal form.

    Normal form: what depends on rows is alone on the left, without constants that belong to
    the clock. Refuses now() that is not compared with a row.
    """
    query = query.copy()
    for node in [node for node in query.walk() if _is_now(node)]:
        if isinstance(node.parent, exp.Dot):
            continue
        node.replace(_time_of(clock))
    seen: set[int] = set()
    for node in [node for node in query.walk() if _is_clock(node)]:
        comparison = _comparison(node)
        if id(comparison) not in seen:
            seen.add(id(comparison))
            normal = _normal(comparison)
            comparison.replace(normal)
            seen.add(id(normal))
    return query


def unclocked(sql: str, clock: Table) -> str:
    """Write now() for the clock's time, so that SQL can be described before the clock is made."""
    return sql.replace(_time_of(clock).name, "now()")


def _clocks(node: exp.Expr) -> list[str]:
    # Its text is known, or will be asked for; a tree is long to walk.
    if _CLOCK not in render(node):
        return []
    return [part.name for part in walk(node) if _is_clock(part)]


def has_clock(*nodes: exp.Expr) -> bool:
    """Whether an expression depends on the clock."""
    return any(_clocks(node) for node in nodes)


def clocks(block: Block) -> list[Table]:
    """The clocks that a block reads: one or none."""
    found = {
        name: None
        for branch in block.branches
        for node in branch.expressions()
        for name in _clocks(node)
    }
    return [clock_table(name.removeprefix(_CLOCK)[1:-2].replace('""', '"')) for name in found]


@dataclass(frozen=True)
class Comparison:
    """`row operator bound`, where the bound depends on the clock and on nothing else."""

    row: exp.Expr
    operator: type[exp.Expr]
    bound: exp.Expr

    @property
    def reads(self) -> set[str]:
        """The aliases that the row's side reads."""
        return aliases(self.row)

    def flips(self) -> str:
        """Write: between the clock's two times, the answer is not the same."""
        row, was, now = render(self.row), *(render(_at(self.bound, name)) for name in (_WAS, _IS))
        if self.operator in (exp.EQ, exp.NEQ):
            return f"{row} = any (array[{was}, {now}])"
        low, high = f"least({was}, {now})", f"greatest({was}, {now})"
        if self.operator in (exp.GT, exp.LTE):
            return f"({row} > {low} and {row} <= {high})"
        return f"({row} >= {low} and {row} < {high})"


def comparisons(branch: Branch) -> list[Comparison]:
    """The comparisons with the clock in a branch, each once."""
    found: dict[str, Comparison] = {}
    for node in branch.expressions():
        for part in compared_with_clock(node):
            found[render(part)] = Comparison(strip(part.this), type(part), part.expression)
    return list(found.values())


def compared_with_clock(node: exp.Expr) -> list[exp.Expr]:
    """Every comparison with the clock inside an expression."""
    if not has_clock(node):
        return []
    return [
        part
        for part in node.walk()
        if type(part) in _MIRRORED
        and has_clock(part)
        # One that holds another is not the one meant.
        and not any(type(p) in _MIRRORED and p is not part and has_clock(p) for p in part.walk())
    ]


def tick_delta(block: Block, clock: Table) -> Delta:
    """The delta of a block when its clock moves; the clock's row is in old_rows and new_rows.

    A row of which several comparisons change is met by the first of them only.
    """
    terms = []
    for branch in block.branches:
        compared = comparisons(branch)
        timed = _with_leaf(branch, clock)
        for number, comparison in enumerate(compared):
            found = Condition(comparison.flips(), frozenset({*comparison.reads, _ALIAS}), True)
            others = [
                Condition(f"({e.flips()}) is not true", frozenset({*e.reads, _ALIAS}), False)
                for e in compared[:number]
            ]
            sql = driven_sql(
                timed, _ALIAS, {_ALIAS: _both_times()}, _weight(branch), given=[found, *others]
            )
            terms.append(sql)
    return Delta("\n    union all\n    ".join(terms), positive=False)


def is_unfit(branch: Branch) -> bool:
    """Whether some comparison is not over one inner leaf, so that no index serves a tick."""
    inner = {leaf.alias for leaf in branch.of_kind("inner")}
    return any(len(c.reads) != 1 or not c.reads <= inner for c in comparisons(branch))


def refuse_keys(branch: Branch) -> None:
    """Refuse a join on the time itself: no index could lead from one side to the other."""
    joins: list[exp.Expr] = [node for node in branch.where if _joins(node)]
    for leaf in branch.leaves:
        joins += [exp.EQ(this=a, expression=b) for a, b in leaf.keys]
        joins += [*leaf.filter, *(n for n in leaf.residual if leaf.alias in _compared(n))]
    for condition in joins:
        if has_clock(condition):
            _refuse(
                "a join whose key depends on now() cannot be maintained",
                condition,
                "filter by now() in a subquery in FROM, and join that",
            )


def _joins(node: exp.Expr) -> bool:
    return equality(node) is not None and len(aliases(node)) > 1


def _compared(node: exp.Expr) -> set[str]:
    """The aliases that an expression compares with the clock."""
    return {alias for part in compared_with_clock(node) for alias in aliases(part.this)}


def columns_for_time(branch: Branch) -> list[exp.Column]:
    """What a branch's outputs and its conditions with the clock read, each column once."""
    nodes = [*branch.outputs.values(), *(node for node in branch.where if has_clock(node))]
    used = {pair for node in nodes for pair in references(node)}
    return [column(alias, name) for alias, name in sorted(used)]


# ---- the tree -----------------------------------------------------------------------


def _is_now(node: exp.Expr) -> bool:
    if isinstance(node, exp.Anonymous):
        return node.name.lower() == "transaction_timestamp"
    return isinstance(node, exp.CurrentTimestamp)


def _is_clock(node: object) -> bool:
    return isinstance(node, exp.Var) and node.name.startswith(_CLOCK)


def _time_of(clock: Table) -> exp.Var:
    # A scalar subquery without columns of the query: to the planner of views a constant, to
    # PostgreSQL one too, computed once a statement. As text, for nothing may look inside.
    return exp.Var(this=f"(select {ident(AT)} from {clock.sql})")


def _comparison(clock: exp.Expr) -> exp.Expr:
    node: exp.Expr | None = clock
    while node is not None and type(node) not in _MIRRORED and not isinstance(node, _BARRIERS):
        node = node.parent
    if node is None or type(node) not in _MIRRORED:
        _refuse("now() cannot be maintained outside a comparison", _shown(clock), _HINT)
    return node


def _normal(comparison: exp.Expr) -> exp.Expr:
    left, right = comparison.this, comparison.expression
    operator = type(comparison)
    if has_clock(left) and (not has_clock(right)):
        left, right, operator = right, left, _MIRRORED[operator]
    if has_clock(left):
        _refuse("now() on both sides cannot be maintained", comparison, _HINT)
    left, right, operator = _without_age(strip(left), strip(right), operator)
    if references(right) or not references(left) or left.find(exp.Any, exp.All):
        _refuse(
            "now() cannot be maintained unless it is compared with what rows alone say",
            comparison,
            _HINT,
        )
    if _is_instant(right):
        left, right = _without_shift(left, right, comparison)
        right = _in_utc(right)
    return operator(this=exp.Paren(this=left), expression=right)


def _without_age(
    left: exp.Expr, right: exp.Expr, operator: type[exp.Expr]
) -> tuple[exp.Expr, exp.Expr, type[exp.Expr]]:
    """`interval > now() - e` as `e > now() - interval`; `interval > e - now()` alike."""
    if not (isinstance(right, exp.Sub) and _is_fixed(left)):
        return left, right, operator
    a, b = strip(right.this), strip(right.expression)
    if _is_instant(a) and references(b) and not has_clock(b):
        return b, exp.Sub(this=a, expression=left), operator
    if _is_instant(b) and references(a) and not has_clock(a):
        return a, exp.Add(this=b, expression=left), _MIRRORED[operator]
    return left, right, operator


def _without_shift(
    left: exp.Expr, right: exp.Expr, comparison: exp.Expr
) -> tuple[exp.Expr, exp.Expr]:
    """Take constant intervals from the row's side to the clock's; an index holds the column."""
    while isinstance(left, (exp.Add, exp.Sub)):
        row, interval = strip(left.this), strip(left.expression)
        if isinstance(left, exp.Add) and _is_interval(row):
            row, interval = interval, row
        if not _is_interval(interval):
            break
        if not _is_fixed(interval):
            _refuse(
                "a month added to a column and compared with now() cannot be maintained",
                comparison,
                "take it from the other side: ts < now() - interval '1 month'",
            )
        other = exp.Sub if isinstance(left, exp.Add) else exp.Add
        left, right = row, other(this=right, expression=interval)
    return left, right


def _in_utc(node: exp.Expr) -> exp.Expr:
    """Shift the clock by days and months as UTC counts them, whatever the session's zone."""
    node = strip(node)
    if not isinstance(node, (exp.Add, exp.Sub)):
        return node
    clock, interval = node.this, node.expression
    if _is_interval(clock):
        clock, interval = interval, clock
    shifted = type(node)(this=_utc(_in_utc(clock)), expression=exp.Paren(this=interval.copy()))
    return _utc(exp.Paren(this=shifted))


def _utc(node: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="timezone", expressions=[exp.Literal.string("UTC"), node])


def _is_instant(node: exp.Expr) -> bool:
    """Whether it is the clock's time, shifted by constants or not."""
    node = strip(node)
    if isinstance(node, (exp.Add, exp.Sub)):
        parts = [node.this, node.expression]
        if isinstance(node, exp.Add) and _is_interval(parts[0]):
            parts.reverse()
        return _is_instant(parts[0]) and _is_interval(parts[1])
    return _is_clock(node)


def _is_interval(node: exp.Expr) -> bool:
    """Whether it is a constant interval, as pg_get_viewdef() writes one."""
    node = strip(node)
    if isinstance(node, exp.Cast):
        literal = isinstance(strip(node.this), exp.Literal)
        return literal and node.to.this == exp.DataType.Type.INTERVAL
    if isinstance(node, (exp.Mul, exp.Div)):
        return _is_interval(node.this) or _is_interval(node.expression)
    return isinstance(node, exp.Neg) and _is_interval(node.this)


def _is_fixed(node: exp.Expr) -> bool:
    """Whether it is a constant interval of days and hours: no months, which differ."""
    node = strip(node)
    if not isinstance(node, exp.Cast) or not _is_interval(node):
        return False
    return re.search(r"mon|year", strip(node.this).name) is None


def _at(node: exp.Expr, name: str) -> exp.Expr:
    return node.copy().transform(lambda part: column(_ALIAS, name) if _is_clock(part) else part)


def _shown(node: exp.Expr) -> exp.Expr:
    """The part of the query that a refusal shows, as the user wrote it."""
    parent = node.parent
    return node if parent is None or isinstance(parent, exp.Select) else parent


# ---- the delta ----------------------------------------------------------------------


def _with_leaf(branch: Branch, clock: Table) -> Branch:
    timed = moved(branch, lambda node: _at(node, AT))
    return replace(timed, leaves=(Leaf(_ALIAS, clock), *timed.leaves))


def _both_times() -> str:
    at = ident(AT)
    return (
        f"(select told.{at}, told.__w, o.{at} as {_WAS}, n.{at} as {_IS}"
        f" from old_rows as o cross join new_rows as n"
        f" cross join lateral (values (o.{at}, -1), (n.{at}, 1)) as told({at}, __w)"
        f" where o.{at} <> n.{at})"
    )


def _weight(branch: Branch) -> str:
    factors = [f"{ident(_ALIAS)}.__w"]
    for leaf in branch.of_kind("inner", "left"):
        if leaf.table.weight:
            count = f"{ident(leaf.alias)}.{ident(leaf.table.weight)}"
            factors.append(f"coalesce({count}, 1)" if leaf.kind == "left" else count)
    return " * ".join(factors)


def _refuse(primary: str, node: exp.Expr, hint: str) -> NoReturn:
    text = render(
        node.copy().transform(lambda part: exp.Anonymous(this="now") if _is_clock(part) else part)
    )
    raise Unmaintainable(primary, text if len(text) < 200 else text[:197] + "...", hint)
