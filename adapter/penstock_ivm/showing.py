"""The view that users read, and the plain views over it, when its columns change.

CREATE OR REPLACE VIEW only adds columns. Otherwise the view is dropped and created, and so are
the plain views on it; each keeps its owner, options, grants, comments, defaults and triggers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock_ivm.errors import Unmaintainable
from penstock_ivm.relation import Column
from penstock_ivm.session import Session, literal, qualified, sqlstate

_DEPENDENTS_REMAIN = "2BP01"
# The views over a view, at any distance, itself first: (schema, name, its SELECT).
_OVER = """
with recursive reading (oid, depth) as (
    select {view}::regclass::oid, 0
    union
    select r.ev_class, reading.depth + 1
    from reading
    join pg_catalog.pg_depend as d
        on d.refobjid = reading.oid and d.refclassid = 'pg_catalog.pg_class'::regclass
        and d.classid = 'pg_catalog.pg_rewrite'::regclass
    join pg_catalog.pg_rewrite as r on r.oid = d.objid
    where r.ev_class <> reading.oid
)
select n.nspname::text, c.relname::text, penstock.engine_definition(c.oid)
from reading
join pg_catalog.pg_class as c on c.oid = reading.oid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.relkind = 'v'
group by 1, 2, 3
order by max(depth)
"""


@dataclass(frozen=True)
class Standing:
    """A view that is created again. kept: (statement, column) to give it back."""

    name: str
    select: str
    kept: tuple[tuple[str, str | None], ...]


def show(session: Session, name: str, columns: Sequence[Column], select: str) -> None:
    """Create the view that users read, or bring it to another SELECT.

    name: quoted, with its schema. columns: of the SELECT.
    """
    after = [(column.name, column.type) for column in columns]
    before = session.execute(
        f"select c.name, c.type from penstock.engine_columns(to_regclass({literal(name)})) as c"
    )
    if [tuple(column) for column in before] == after[: len(before)]:
        session.execute(f"create or replace view {name} as {select}")
        return
    itself, *over = [
        standing(session, schema, view, definition)
        for schema, view, definition in session.execute(_OVER.format(view=literal(name)))
    ]
    try:
        session.execute(f"drop view {', '.join(v.name for v in (itself, *over))}")
    except Exception as error:
        if sqlstate(error) != _DEPENDENTS_REMAIN:
            raise
        raise Unmaintainable(
            f"columns of {name} change, and what is not a plain view depends on it",
            str(error).partition("DETAIL:")[2].partition("HINT:")[0].strip() or None,
            "drop that first, and create it again afterwards",
        ) from None
    _create(session, itself, select)
    for view in over:
        try:
            _create(session, view, view.select)
        except Exception as error:
            if not (sqlstate(error) or "").startswith("42"):
                raise
            raise Unmaintainable(
                f"columns of {name} change, and the view {view.name} reads them as they were",
                str(error).strip().splitlines()[0],
                "change or drop that view first, or give the column another name",
            ) from None


def standing(session: Session, schema: str, view: str, select: str = "") -> Standing:
    """Look at a view as it stands."""
    name = qualified(schema, view)
    rows = session.execute(
        "select k.statement, k.column_name"
        f" from penstock.engine_keeps({literal(name)}::regclass) as k"
    )
    return Standing(name, select, tuple((statement, column) for statement, column in rows))


def _create(session: Session, view: Standing, select: str) -> None:
    session.execute(f"create view {view.name} as {select}")
    give_back(session, view)


def give_back(session: Session, view: Standing) -> None:
    """Give a view that was created again what it had beside its SELECT."""
    # Default privileges may give what had been taken away.
    for (statement,) in session.execute(
        f"select s.statement from penstock.engine_revokes({literal(view.name)}::regclass) as s"
    ):
        session.execute(str(statement))
    names = {
        str(name)
        for (name,) in session.execute(
            f"select c.name from penstock.engine_columns({literal(view.name)}::regclass) as c"
        )
    }
    for statement, column in view.kept:
        if column is None or column in names:
            session.execute(statement)
