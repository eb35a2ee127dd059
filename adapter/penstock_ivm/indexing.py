"""Indexes on state: those that maintenance needs, and those a model asks for."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from penstock_ivm.catalog import names_taken
from penstock_ivm.errors import Unmaintainable
from penstock_ivm.expressions import render, strip
from penstock_ivm.model import View
from penstock_ivm.names import free
from penstock_ivm.plan import Plan
from penstock_ivm.relation import STATE
from penstock_ivm.session import Session, ident, qualified, sqlstate

# invalid_object_definition: "functions in index expression must be marked IMMUTABLE";
# feature_not_supported: "cannot use subquery in index expression"
_NOT_INDEXABLE = {"42P17": "a STABLE function", "0A000": "a subquery"}


def create_index(session: Session, statement: str) -> None:
    """Create an index that maintenance needs, or say what cannot be looked up."""
    try:
        session.execute(statement)
    except Exception as error:
        what = _NOT_INDEXABLE.get(sqlstate(error) or "")
        if what is None:
            raise
        raise Unmaintainable(
            f"a key or a join that depends on {what} cannot be looked up",
            statement.split(" on ", 1)[1],
            "compute it in a maintained view, and group, rank or join that",
        ) from None


def create_user_indexes(session: Session, view: View, plan: Plan, table: str) -> dict[str, Any]:
    """Create the indexes a user wants on the state that is shown; return how to note them."""
    taken = names_taken(session)
    noted: dict[str, list[Any]] = {"indexes": [], "user_indexes": []}
    for index in view.indexes:
        name = free("__".join((table, *index.columns)), taken)
        unique = "unique " if index.unique else ""
        terms = ", ".join(_indexed(plan, column, view) for column in index.columns)
        session.execute(
            f"create {unique}index {ident(name)} on {qualified(STATE, table)}"
            f" using {ident(index.type)} ({terms})"
        )
        noted["user_indexes"].append(name)
        noted["indexes"].append(
            {"columns": list(index.columns), "unique": index.unique, "type": index.type}
        )
    return noted


def _indexed(plan: Plan, name: str, view: View) -> str:
    """What an index on a column of the view is over, in the state's columns."""
    if name not in plan.outputs:
        raise Unmaintainable(
            f"index on {name}: {view.schema}.{view.name} has no such column",
            ", ".join(plan.outputs),
            "name a column of the model",
        )
    node = strip(plan.outputs[name]).transform(
        lambda n: (
            exp.Column(this=exp.to_identifier(n.name, quoted=True))
            if isinstance(n, exp.Column)
            else n
        )
    )
    return render(node) if isinstance(node, exp.Column) else f"({render(node)})"
