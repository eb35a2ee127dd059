"""FROM items that read no table: set-returning functions, ROWS FROM, VALUES."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from penstock_ivm.block import Branch, Call
from penstock_ivm.builder import Builder
from penstock_ivm.errors import Unmaintainable
from penstock_ivm.expressions import column, reads_table, render, strip
from penstock_ivm.refusals import refuse
from penstock_ivm.scope import Partial, combined
from penstock_ivm.spelling import COLUMNS, NOTHING, ROWS_FROM

_ORDINALITY = "__ordinality"


def is_function(node: exp.Expr) -> bool:
    """Whether a FROM item is a function or VALUES."""
    match node:
        case exp.Unnest() | exp.Values():
            return True
        case exp.Lateral():
            return not reads_table(node)
        case exp.Table():
            return not isinstance(node.this, exp.Identifier)
        case _:
            return False


def is_bracketed(node: exp.Expr) -> bool:
    """Whether a FROM item is a join in brackets."""
    return isinstance(node, (exp.Subquery, exp.Paren)) and not node.alias


def leads_with_lateral(node: exp.Expr) -> bool:
    """Whether a FROM item is a join in brackets whose first item is LATERAL."""
    return is_bracketed(node) and (is_nothing(node.this) or leads_with_lateral(node.this))


def is_nothing(node: exp.Expr) -> bool:
    """Whether a FROM item stands for the place before a LATERAL that comes first."""
    return isinstance(node, exp.Table) and node.name == NOTHING


def is_constant(query: exp.Expr) -> bool:
    """Whether a query is VALUES; in a CTE sqlglot writes SELECT * FROM (VALUES …)."""
    if isinstance(query, exp.Select) and query.is_star:
        query = query.args["from_"].this
    return isinstance(query, exp.Values)


def constants(builder: Builder, query: exp.Expr) -> Branch:
    """Plan a query that is VALUES."""
    found = called(builder, query if isinstance(query, exp.Values) else query.args["from_"].this)
    (offered,) = found.scope.values()
    return found.branch(offered)


def called(
    builder: Builder, node: exp.Expr, resolve: Callable[[exp.Expr], exp.Expr] = lambda node: node
) -> Partial:
    """Plan a FROM item that is a call. resolve: writes what stands before over leaves."""
    subject = node.this if isinstance(node, (exp.Lateral, exp.Table)) else node
    while isinstance(subject, exp.Subquery):
        subject = subject.this
    shown = node.args.get("alias")
    listed = list(shown.columns) if isinstance(shown, exp.TableAlias) else []
    names = [part.name for part in listed]
    is_numbered = bool(node.args.get("ordinality"))
    if isinstance(subject, exp.Values):
        width = len(subject.expressions[0].expressions)
        names += [f"column{number}" for number in range(len(names) + 1, width + 1)]
        items: tuple[exp.Expr, ...] = (subject,)
    elif isinstance(subject, exp.Unnest):
        offset = subject.args.get("offset")
        is_numbered = bool(offset)
        if isinstance(offset, exp.Identifier) and offset.name not in names:
            names.append(offset.name)
        items = (exp.func("unnest", *subject.expressions, dialect="postgres"),)
        if len(subject.expressions) > 1:
            items = (exp.Anonymous(this="unnest", expressions=list(subject.expressions)),)
    elif isinstance(subject, exp.Query):
        names += subject.named_selects[len(names) :]
        items = (subject,)
    elif isinstance(subject, exp.Anonymous) and subject.name == ROWS_FROM:
        items = tuple(item.copy() for item in subject.expressions)
    else:
        items = (subject,)
    if isinstance(node, exp.Table) and node.db:
        items = (exp.Dot(this=exp.to_identifier(node.db, quoted=True), expression=subject),)
    definitions = tuple(map(_definition, items))
    if any(isinstance(part, exp.ColumnDef) for part in listed):
        definitions = (", ".join(render(part) for part in listed),)
    if not names:
        refuse("a function in FROM without columns cannot be maintained", node, "name its columns")
    alias = builder.alias(node.alias_or_name.strip("*") or "called")
    call = Call(
        alias,
        tuple(resolve(item) for item in items),
        tuple(names if is_numbered else [*names, _ORDINALITY]),
        definitions,
    )
    offered: dict[str, exp.Expr] = {name: column(alias, name) for name in names}
    return Partial((), (), {node.alias_or_name: offered}, (call,))


def _definition(item: exp.Expr) -> str:
    """Take the column definition list that spelling.py put among the arguments."""
    for part in item.find_all(exp.Anonymous):
        if part.name == COLUMNS:
            part.pop()
            return str(part.expressions[0].name)
    return ""


def left_call(outer: Partial, inner: Partial, conditions: list[exp.Expr]) -> Partial:
    """LEFT JOIN of a call: one row of NULLs where it gives none."""
    if len(inner.calls) != 1 or inner.calls[0].kind != "inner":
        raise Unmaintainable(
            "LEFT JOIN of several functions at once cannot be maintained",
            ", ".join(inner.scope),
            "join them one after the other: left join lateral f(…) on true",
        )
    (call,) = inner.calls
    both = combined(outer, inner)
    kept = (*inner.where, *(both.resolve(condition) for condition in conditions))
    there = exp.Is(this=column(call.alias, call.columns[-1]), expression=exp.Null())

    def or_null(value: exp.Expr) -> exp.Expr:
        if isinstance(strip(value), exp.Column):
            return value
        return exp.Case(ifs=[exp.If(this=exp.Not(this=there.copy()), true=value)])

    scope = {
        alias: {name: or_null(value) for name, value in offered.items()}
        for alias, offered in inner.scope.items()
    }
    return replace(
        outer,
        scope={**outer.scope, **scope},
        calls=(*outer.calls, replace(call, kind="left", filter=kept)),
    )
