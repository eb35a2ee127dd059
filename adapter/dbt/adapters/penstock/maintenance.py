"""dbt's relations and the engine: deploy, drop, and keep readers right when an input changes.

Imported when a run first needs it; the compiler, which is slow to load, by those who call it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from dbt_common.exceptions import DbtDatabaseError

import penstock_ivm
from dbt.adapters.penstock.connections import PenstockConnectionManager
from dbt.adapters.penstock.standing import Standing, read_standing
from penstock.errors import PenstockError
from penstock_ivm import (
    Index,
    Outcome,
    Unmaintainable,
    View,
    catalog,
    deploy,
    drop_unread,
    suspension,
)
from penstock_ivm.deploying import DEPLOY_LOCK
from penstock_ivm.resolve import is_shown
from penstock_ivm.session import Session, literal, qualified

__all__ = [
    "DbtSession",
    "Index",
    "Outcome",
    "Unmaintainable",
    "View",
    "deploy",
    "deployed_indexes",
    "drop_schema_views",
    "drop_unread",
    "drop_view",
    "is_shown",
    "read_standing",
    "rebuild_readers",
    "refuse_drop",
    "replace",
    "suspension",
]


# A temporary view is how PostgreSQL is asked what it makes of a SELECT.
_ASKS = ("select", "with", "create temporary view", "drop view if exists pg_temp")


class DbtSession:
    """The connection that dbt has open in this thread, as the compiler's Session.

    What changes something goes through dbt, so that it is in its log; what only asks does not,
    for dbt's events cost more than the questions. Errors are dbt's own either way.
    """

    def __init__(self, connections: PenstockConnectionManager, *, begin: bool = True) -> None:
        """Borrow this thread's connection. begin: begin dbt's transaction where none is open."""
        self._connections = connections
        self._begin = begin

    def execute(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """See Session.execute."""
        if self._begin and not self._connections.get_thread_connection().transaction_open:
            self._connections.begin()  # type: ignore[no-untyped-call]
        if sql.lstrip().startswith(_ASKS):
            cursor = self._connections.ask(sql)
        else:
            _, cursor = self._connections.add_query(sql, auto_begin=False)
        return list(cursor.fetchall()) if cursor.description is not None else []


def deployed_indexes(session: Session, schema: str, name: str) -> frozenset[Index] | None:
    """Return the indexes a view was built with; None when there is no such view."""
    entry = catalog.entries(session).get((schema, name))
    return None if entry is None else frozenset(entry.view.indexes)


def drop_view(session: Session, schema: str, name: str) -> None:
    """Drop a maintained view with its state and, as dbt does, the plain views that read it."""
    session.execute(f"drop view if exists {qualified(schema, name)} cascade")
    penstock_ivm.drop(session, schema, name)


def drop_schema_views(session: Session, schema: str) -> None:
    """Drop the maintained views of a schema, readers first, and forget what lands in it."""
    mine = [entry for key, entry in catalog.entries(session).items() if key[0] == schema]
    for entry in sorted(mine, key=lambda e: e.definition["stages"][-1]["level"], reverse=True):
        drop_view(session, entry.view.schema, entry.view.name)
    # Retired views go with their readers; these have only plain ones left.
    for key, entry in catalog.entries(session).items():
        if entry.definition.get("retired_from", key)[0] == schema and key[0] != schema:
            drop_view(session, *key)
    session.execute(f"delete from penstock.subscriptions where landing_schema = {literal(schema)}")
    outside = session.execute(
        "select schema_name || '.' || view_name, base ->> 1"
        " from penstock.views, jsonb_array_elements(definition -> 'direct_bases') as base"
        f" where base ->> 0 = {literal(schema)}"
    )
    if outside:
        raise PenstockError(
            f"schema {schema} is read by maintained views of other schemas and cannot be dropped",
            detail=", ".join(sorted({reader for reader, _ in outside})),
            hint="drop those first: dbt run-operation penstock_drop --args '{name: …, schema: …}'",
        )


def refuse_drop(standing: Standing) -> None:
    """Refuse to drop what maintained views read, for their triggers would go with it in silence."""
    _refuse_landing(standing, "dropped")
    if standing.readers:
        raise PenstockError(
            f"{standing.shown} is read by maintained views and cannot be dropped",
            detail=standing.shown_readers,
            hint="drop those first: dbt run-operation penstock_drop --args '{name: …}'",
        )


def _refuse_landing(standing: Standing, verb: str) -> None:
    """Refuse to lose landed messages."""
    if standing.topic is not None:
        raise PenstockError(
            f"{standing.shown} holds the landed messages of topic {standing.topic}"
            f" and cannot be {verb}",
            hint="keep materialized='source'; or delete its row of penstock.subscriptions,"
            " then drop the table in psql, and its messages with it",
        )


def replace(session: Session, standing: Standing, new_name: str) -> None:
    """Get ready for a relation to be renamed away, as dbt does before it puts another in place.

    A table's triggers go with it, so its readers are rebuilt on what comes (rebuild_readers).
    The locks that building takes come first, in its order: deploying, then the inputs. Later, a
    writer or another thread that holds one of them and waits for the table would wait for us.
    """
    _refuse_landing(standing, "replaced")
    if standing.readers:
        session.execute(DEPLOY_LOCK)
        known = catalog.entries(session)
        bases = sorted(
            {tuple(base) for key in standing.readers for base in known[key].definition["bases"]}
        )
        listed = ", ".join(qualified(*base) for base in bases)
        session.execute(f"lock table {listed} in share row exclusive mode")
    if standing.is_maintained:
        session.execute(
            f"update penstock.views set view_name = {literal(new_name)}"
            f" where schema_name = {literal(standing.schema)}"
            f" and view_name = {literal(standing.name)}"
        )


def rebuild_readers(session: Session, shown: str, readers: Iterable[tuple[str, str]]) -> None:
    """Build maintained views anew on an input that was replaced, in the same transaction."""
    done: set[tuple[str, str]] = set()
    for schema, name in readers:
        if (schema, name) in done:
            continue
        known = catalog.entries(session)
        entry = known[schema, name]
        done.add((schema, name))
        # Building a view builds the views that read it, too.
        done |= {(e.view.schema, e.view.name) for e in catalog.readers(known, entry.tables)}
        try:
            penstock_ivm.repair(session, schema, name)
        except (Unmaintainable, DbtDatabaseError) as error:
            raise PenstockError(
                f"{schema}.{name} is maintained and reads {shown};"
                " it cannot be built on what replaces it",
                detail=str(error),
                hint=f"keep what {name} reads, or drop it first:"
                f" dbt run-operation penstock_drop --args '{{name: {name}, schema: {schema}}}'",
            ) from error
