"""An old version of a view, kept while others read columns that the new one no longer has.

A model and its readers change together but are built one after the other. Until a reader's turn
comes it reads the old version, which is maintained like any view but stands out of the way, in
the state schema. It goes when nothing reads it any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from penstock_ivm import catalog
from penstock_ivm.catalog import Entry
from penstock_ivm.names import free
from penstock_ivm.relation import STATE, Column
from penstock_ivm.session import Session, ident, literal, qualified

Texts = Callable[[Entry], dict[str, str]]
# The columns of a view that other views read.
_READ = """
select distinct a.attname::text
from pg_catalog.pg_depend as d
join pg_catalog.pg_rewrite as r on r.oid = d.objid
join pg_catalog.pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
where
    d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refobjsubid > 0
    and d.refobjid = {view}::regclass and r.ev_class <> d.refobjid
"""
# Retired views that neither a view nor a maintained view reads.
_UNREAD = """
select v.schema_name, v.view_name
from penstock.views as v
where
    v.schema_name = {state}
    and not exists (
        select
        from pg_catalog.pg_depend as d
        join pg_catalog.pg_rewrite as r on r.oid = d.objid
        where
            d.classid = 'pg_catalog.pg_rewrite'::regclass
            and d.refobjid = to_regclass(format('%I.%I', v.schema_name, v.view_name))
            and r.ev_class <> d.refobjid
    )
    and not exists (
        select
        from penstock.views as reader, jsonb_array_elements(v.definition -> 'stages') as stage
        where reader.definition -> 'state_inputs' ? (stage ->> 'table')
    )
"""


def unread(session: Session) -> list[tuple[str, str]]:
    """Retired views that nothing reads any more: (schema, name)."""
    rows = session.execute(_UNREAD.format(state=literal(STATE)))
    return [(str(schema), str(name)) for schema, name in rows]


def lost_columns(
    session: Session, entry: Entry, readers: Sequence[Entry], columns: Sequence[Column]
) -> list[str]:
    """Columns that others read of a view and its new version lacks.

    readers: the maintained views among them; columns: of the new version.
    """
    shown = literal(qualified(entry.view.schema, entry.view.name))
    before = session.execute(
        f"select c.name from penstock.engine_columns(to_regclass({shown})) as c"
    )
    lost = {str(name) for (name,) in before} - {column.name for column in columns}
    if not lost:
        return []
    with _texts(session, readers):
        return sorted(lost & {str(name) for (name,) in session.execute(_READ.format(view=shown))})


def retire(session: Session, entry: Entry, readers: Sequence[Entry], taken: set[str]) -> None:
    """Move a view out of the way; what reads it follows it.

    taken: the names in the state schema.
    """
    schema, name = entry.view.schema, entry.view.name
    beside = session.execute(
        "select relname::text from pg_catalog.pg_class"
        f" where relnamespace = {literal(ident(schema))}::regnamespace"
    )
    moved = free(f"{name}__retired", taken | {str(other) for (other,) in beside})
    with _texts(session, readers) as now:
        session.execute(f"alter view {qualified(schema, name)} rename to {ident(moved)}")
        session.execute(f"alter view {qualified(schema, moved)} set schema {ident(STATE)}")
        for reader in readers:
            reader.definition.update(now(reader))
            catalog.amend(session, reader)
    entry.definition["retired_from"] = [schema, name]
    catalog.amend(session, entry, moved_to=(STATE, moved))


@contextmanager
def _texts(session: Session, entries: Sequence[Entry]) -> Iterator[Texts]:
    """Hold the SELECTs of maintained views as temporary views, which follow what is renamed.

    Gives what returns them as they read now, by their place in an entry's definition.
    """
    views: dict[int, dict[str, str]] = {}
    for number, entry in enumerate(entries):
        views[id(entry)] = {}
        for part in entry.definition.keys() & {"select", "check"}:
            view = views[id(entry)][part] = f"pg_temp.penstock_{part}_{number}"
            session.execute(f"create temporary view {view} as {entry.definition[part]}")

    def now(entry: Entry) -> dict[str, str]:
        found = {}
        for part, view in views[id(entry)].items():
            ((text,),) = session.execute(
                f"select penstock.engine_definition({literal(view)}::regclass)"
            )
            found[part] = str(text).rstrip().rstrip(";")
        return found

    yield now
    for view in (view for of_one in views.values() for view in of_one.values()):
        session.execute(f"drop view {view}")
