"""Bind a model: what PostgreSQL understood becomes one tree over tables only.

Plain views are put in place of their names, and so are maintained ones: what is left of those
is a SELECT over their state.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import sqlglot
from sqlglot import exp

from penstock_ivm.collecting import uncollected
from penstock_ivm.errors import Unmaintainable
from penstock_ivm.expressions import copied
from penstock_ivm.relation import Column, Table
from penstock_ivm.resolve import Resolved
from penstock_ivm.spelling import readable


@dataclass(frozen=True)
class Bound:
    """A model as a tree.

    query: over tables only. identity: text that changes when anything it depends on does.
    """

    resolved: Resolved = field(hash=False)
    query: exp.Expr = field(hash=False)
    identity: str

    @property
    def columns(self) -> tuple[Column, ...]:
        """What it gives."""
        return self.resolved.columns

    @property
    def tables(self) -> dict[tuple[str, str], Table]:
        """What it reads."""
        return self.resolved.tables

    def shown(self) -> exp.Expr:
        """The query with maintained views by their names, as a user would run it."""
        resolved = self.resolved
        plain = {key: _parse(resolved.views[key]) for key in resolved.plain}
        return _inline(copied(_parse(resolved.definition)), plain)


@uncollected()
def bind(resolved: Resolved) -> Bound:
    """Parse what was resolved. Raises Unmaintainable for what cannot be read."""
    views = {key: _parse(text) for key, text in resolved.views.items()}
    tree = _inline(copied(_parse(resolved.definition)), views)
    identity = json.dumps(
        [
            tree.sql(dialect="postgres"),
            sorted((t.schema, t.name, t.append_only) for t in resolved.tables.values()),
            [(c.name, c.type) for c in resolved.columns],
        ]
    )
    return Bound(resolved, tree, identity)


# Models that read the same views follow each other. What is given is copied, never changed.
@lru_cache(maxsize=64)
def _parse(definition: str) -> exp.Expr:
    text = readable(definition)
    try:
        return _qualify(
            _with_schemas(sqlglot.parse_one(text.strip().rstrip(";"), dialect="postgres"))
        )
    except sqlglot.ParseError as error:
        (first, *_) = error.errors or [{}]
        shown = f"{first.get('start_context', '')}{first.get('highlight', '')}"[-120:]
        raise Unmaintainable(
            "a construct that the compiler cannot read cannot be maintained",
            f"… {shown.strip()}",
            "write this part in other words: as a function, or in a table of its own",
        ) from None


def _with_schemas(tree: exp.Expr) -> exp.Expr:
    """Give a schema back to its function: before FILTER sqlglot takes it for a column's table."""
    for found in list(tree.find_all(exp.Column)):
        call = found.this
        if isinstance(call, (exp.Identifier, exp.Star)):
            continue
        inner = call
        while isinstance(inner, (exp.Filter, exp.WithinGroup)):
            inner = inner.this
        dot = exp.Dot(this=found.args["table"].copy(), expression=inner.copy())
        if inner is call:
            found.replace(dot)
        else:
            inner.replace(dot)
            found.replace(call)
    return tree


def _qualify(tree: exp.Expr) -> exp.Expr:
    """Say which relation a column is of where there is only one.

    From version 16 on, pg_get_viewdef() leaves it out then, in the outermost SELECT only.
    """
    source = tree.args.get("from_") if isinstance(tree, exp.Select) else None
    name = source.this.alias_or_name if source is not None else ""
    if name and isinstance(tree, exp.Select) and not tree.args.get("joins"):
        for column in list(tree.find_all(exp.Column)):
            if not column.table and not isinstance(column.this, exp.Star):
                column.set("table", exp.to_identifier(name, quoted=True))
    return tree


def _inline(tree: exp.Expr, views: Mapping[tuple[str, str], exp.Expr]) -> exp.Expr:
    """Put plain views in place of their names, however deep."""
    for table in list(tree.find_all(exp.Table)):
        body = views.get((table.db, table.name))
        if body is None:
            continue
        alias = table.args.get("alias") or exp.TableAlias(
            this=exp.to_identifier(table.name, quoted=True)
        )
        inlined = exp.Subquery(this=_inline(copied(body), views), alias=alias.copy())
        if table.args.get("joins"):
            inlined.set("joins", table.args["joins"])
        table.replace(inlined)
    return tree
