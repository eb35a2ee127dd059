"""Bring a view to what its model says: nearly always there is nothing to do.

What PostgreSQL makes of the model and of all that it reads is compared as text. The compiler
and sqlglot, half a second of imports, are loaded only where that has changed.
"""

from __future__ import annotations

import hashlib

from penstock_ivm import catalog
from penstock_ivm.catalog import Entry
from penstock_ivm.errors import Unmaintainable, placed
from penstock_ivm.model import Outcome, View
from penstock_ivm.resolve import Resolved, resolve
from penstock_ivm.retiring import unread
from penstock_ivm.session import Session

# Part of every fingerprint: raise it when the same SELECT compiles to other objects.
ENGINE = "5"
DEPLOY_LOCK = "select pg_catalog.pg_advisory_xact_lock(1349415287, 0)"


def deploy(session: Session, view: View, *, rebuild: bool = False) -> Outcome:
    """Bring a maintained view to what the model says; all of it commits with the caller.

    Nothing is done when the model, and everything it reads, is as it was built (unless
    `rebuild`). Otherwise new state is built beside the old, the views that read it are built
    again, and the old state goes last: readers find the view at any time. Writers of the
    inputs wait. Raises Unmaintainable; call it under READ COMMITTED.
    """
    session.execute(DEPLOY_LOCK)
    _check_isolation(session)
    entry = catalog.entry(session, view.schema, view.name)
    try:
        resolved = resolve(session, view.query, view.append_only)
    except Unmaintainable as error:
        raise placed(error, view) from None
    if (
        entry is not None
        and not rebuild
        and _is_as_built(entry, view, resolved)
        and not catalog.faults(session, view.schema, view.name)
    ):
        return Outcome.UNCHANGED
    from penstock_ivm.compiler import build  # noqa: PLC0415 - loads sqlglot

    return build(session, view, resolved, rebuild=rebuild)


def text_hash(resolved: Resolved, view: View) -> str:
    """Hash all that a view is built from, as PostgreSQL writes it, but its indexes."""
    text = f"{ENGINE} {view.on_error} {resolved.text}"
    return hashlib.sha256(text.encode()).hexdigest()


def drop_unread(session: Session) -> None:
    """Drop the retired views that nothing reads any more."""
    while found := unread(session):
        from penstock_ivm.compiler import drop  # noqa: PLC0415 - loads sqlglot

        for schema, name in found:
            drop(session, schema, name)


def _is_as_built(entry: Entry, view: View, resolved: Resolved) -> bool:
    """Whether there is nothing to do. No means only that the compiler has to look."""
    clock = entry.definition.get("clock")
    return (
        entry.definition.get("text_hash") == text_hash(resolved, view)
        and set(entry.view.indexes) == set(view.indexes)
        and (clock is None or clock["every"] == view.tick)
    )


def _check_isolation(session: Session) -> None:
    ((level,),) = session.execute("select current_setting('transaction_isolation')")
    if level != "read committed":
        raise Unmaintainable(
            f"a maintained view cannot be built under {level}: its snapshot may be too old",
            None,
            "use read committed, PostgreSQL's default",
        )
