"""Cut a failing round down to the smallest that still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from penstock.testing.fuzz.rounds import Plan
from penstock.testing.stories import StoryView

Fails = Callable[[Plan], bool]
_TRIES = 260


def shrink(plan: Plan, fails: Fails, said: Callable[[str], None] = lambda _: None) -> Plan:
    """Return a smaller plan that fails: fewer views, transactions, statements, smaller SELECTs.

    fails: whether a plan still fails. Stops after a few hundred tries.
    """
    tries = 0
    shrunk = True
    while shrunk and tries < _TRIES:
        shrunk = False
        for candidate in _smaller(plan):
            tries += 1
            if tries >= _TRIES:
                break
            if fails(candidate):
                plan, shrunk = candidate, True
                said(f"{len(plan.views)} views, {len(plan.transactions)} transactions")
                break
    return plan


def about(plan: Plan, view: str, moment: int) -> Plan:
    """The plan with nothing after the fault, and no view but the one at fault and what it reads."""
    wanted = {view}
    for found in reversed(plan.views):
        if found.name in wanted:
            wanted |= {v.name for v in plan.views if f"{v.name} " in found.query}
    views = tuple(v for v in plan.views if v.name in wanted)
    return replace(plan, views=views, transactions=plan.transactions[: max(moment, 1)])


def _smaller(plan: Plan) -> Iterator[Plan]:
    """Smaller plans, the boldest first."""
    for number in range(len(plan.views) - 1, -1, -1):
        yield replace(plan, views=plan.views[:number] + plan.views[number + 1 :])
    for size in (24, 8, 4, 2, 1):
        for start in range(0, len(plan.transactions), size):
            kept = plan.transactions[:start] + plan.transactions[start + size :]
            if len(kept) < len(plan.transactions):
                gone = len(plan.transactions[start : min(start + size, plan.before)])
                yield replace(plan, transactions=kept, before=plan.before - gone)
    for number, transaction in enumerate(plan.transactions):
        for at in range(len(transaction)):
            if len(transaction) > 1:
                one = transaction[:at] + transaction[at + 1 :]
                history = list(plan.transactions)
                history[number] = one
                yield replace(plan, transactions=tuple(history))
    for number, view in enumerate(plan.views):
        for query in _simpler(view.query):
            views = list(plan.views)
            views[number] = StoryView(view.name, query)
            yield replace(plan, views=tuple(views))
    for number, transaction in enumerate(plan.transactions):
        for at, statement in enumerate(transaction):
            for shorter in _fewer_rows(statement):
                history = list(plan.transactions)
                history[number] = (*transaction[:at], shorter, *transaction[at + 1 :])
                yield replace(plan, transactions=tuple(history))


def _simpler(query: str) -> Iterator[str]:
    """The query without one of its parts."""
    try:
        tree = sqlglot.parse_one(query, dialect="postgres")
    except SqlglotError:
        return
    for number, node in enumerate(list(tree.walk())):
        for change in _changes(node):
            copy = tree.copy()
            target = list(copy.walk())[number]
            change(target)
            yield copy.sql(dialect="postgres")


def _changes(node: exp.Expr) -> Iterator[Callable[[exp.Expr], object]]:
    if isinstance(node, exp.Select):
        for clause in ("where", "having", "distinct", "order", "limit", "offset"):
            if node.args.get(clause) is not None:
                yield partial(_without, clause)
        for index in range(len(node.args.get("joins") or [])):
            yield partial(_without_one, "joins", index)
        for index in range(len(node.expressions)):
            if len(node.expressions) > 1:
                yield partial(_without_one, "expressions", index)
    if isinstance(node, (exp.And, exp.Or, exp.SetOperation)) and node.parent is not None:
        yield lambda target: target.replace(target.this)
        yield lambda target: target.replace(target.expression)
    if isinstance(node, (exp.Coalesce, exp.Least, exp.Greatest, exp.Lower, exp.Nullif, exp.Mod)):
        yield lambda target: target.replace(target.this)
    if isinstance(node, exp.Case):
        yield lambda target: target.replace(target.args["ifs"][0].args["true"])
        if node.args.get("default") is not None:
            yield lambda target: target.replace(target.args["default"])


def _without(clause: str, target: exp.Expr) -> None:
    target.set(clause, None)


def _without_one(clause: str, index: int, target: exp.Expr) -> None:
    target.args[clause].pop(index)


def _fewer_rows(statement: str) -> Iterator[str]:
    """An INSERT without one of its rows."""
    head, found, rest = statement.partition(" values (")
    if not found:
        return
    rows, end = _split_rows("(" + rest)
    for index in range(len(rows)):
        if len(rows) > 1:
            yield f"{head} values {', '.join(rows[:index] + rows[index + 1 :])}{end}"


def _split_rows(text: str) -> tuple[list[str], str]:
    """Split `(…), (…) tail` into its rows and the tail."""
    rows, depth, start, quoted = [], 0, 0, False
    for position, sign in enumerate(text):
        quoted ^= sign == "'"
        if quoted:
            continue
        depth += (sign == "(") - (sign == ")")
        if sign == ")" and depth == 0:
            rows.append(text[start : position + 1])
            following = text[position + 1 :]
            if not following.startswith(", ("):
                return rows, following
            start = position + 3
    return rows, ""
