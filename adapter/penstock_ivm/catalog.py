"""The catalogue of maintained views: penstock.views and penstock.inputs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from penstock_ivm.model import Index, View
from penstock_ivm.relation import STATE, Table, held_names
from penstock_ivm.session import Session, literal


@dataclass(frozen=True)
class Entry:
    """One view as it stands in the database."""

    view: View
    fingerprint: str
    definition: dict[str, Any]

    @property
    def tables(self) -> list[str]:
        """Its state tables, inputs first."""
        return [stage["table"] for stage in self.definition["stages"]]

    @property
    def comparable(self) -> str:
        """The SELECT that the view equals; where that asks for the time, at its clock's time."""
        return str(self.definition.get("check") or self.definition["select"])


def entries(session: Session) -> dict[tuple[str, str], Entry]:
    """Read every view."""
    found = _read(session)
    return {(entry.view.schema, entry.view.name): entry for entry in found}


def entry(session: Session, schema: str, name: str) -> Entry | None:
    """Read one view; None where there is none."""
    found = _read(
        session, f" where schema_name = {literal(schema)} and view_name = {literal(name)}"
    )
    return next(iter(found), None)


def _read(session: Session, where: str = "") -> list[Entry]:
    rows = session.execute(
        "select schema_name, view_name, query, fingerprint, definition::text"
        f" from penstock.views{where}"
    )
    found = []
    for schema, name, query, fingerprint, text in rows:
        definition = json.loads(text)
        view = View(
            schema,
            name,
            query,
            definition["path"],
            tuple(
                Index(tuple(i["columns"]), i["unique"], i["type"]) for i in definition["indexes"]
            ),
            frozenset((s, t) for s, t in definition["append_only"]),
            definition["clock"]["every"] if "clock" in definition else View.tick,
            definition.get("on_error", View.on_error),
        )
        found.append(Entry(view, fingerprint, definition))
    return found


def faults(session: Session, schema: str, name: str) -> list[str]:
    """Say what keeps a view from being maintained: a disabled trigger, a renamed input."""
    rows = session.execute(
        f"select fault from penstock.faults_of({literal(schema)}, {literal(name)})"
    )
    return [fault for (fault,) in rows]


def suspension(session: Session, schema: str, name: str) -> str | None:
    """Say why a view is suspended; None where it is not."""
    rows = session.execute(
        "select concat_ws('; ', message, nullif(detail, '')) from penstock.suspensions"
        f" where schema_name = {literal(schema)} and view_name = {literal(name)}"
    )
    return str(rows[0][0]) if rows else None


def write(session: Session, view: View, fingerprint: str, definition: dict[str, Any]) -> None:
    """Note a view that was built."""
    session.execute(
        "insert into penstock.views"
        " (schema_name, view_name, query, fingerprint, state_table, definition)"
        f" values ({literal(view.schema)}, {literal(view.name)}, {literal(view.query)},"
        f" {literal(fingerprint)}, {literal(definition['stages'][-1]['table'])},"
        f" {literal(json.dumps(definition))})"
        " on conflict (schema_name, view_name) do update set query = excluded.query,"
        " fingerprint = excluded.fingerprint, state_table = excluded.state_table,"
        " definition = excluded.definition, deployed_at = now()"
    )
    session.execute(
        f"delete from penstock.suspensions where schema_name = {literal(view.schema)}"
        f" and view_name = {literal(view.name)}"
    )


def amend(session: Session, entry: Entry, moved_to: tuple[str, str] | None = None) -> None:
    """Note what changed about a view that was not built again."""
    schema, name = moved_to or (entry.view.schema, entry.view.name)
    session.execute(
        f"update penstock.views set schema_name = {literal(schema)}, view_name = {literal(name)},"
        f" definition = {literal(json.dumps(entry.definition))}"
        f" where schema_name = {literal(entry.view.schema)}"
        f" and view_name = {literal(entry.view.name)}"
    )


def doubt(session: Session, table: Table) -> None:
    """Have every view that reads a base table built again by the next deploy."""
    base = json.dumps([[table.schema, table.name]])
    session.execute(
        "update penstock.views set fingerprint = ''"
        f" where definition -> 'direct_bases' @> {literal(base)}::jsonb"
    )


def forget(session: Session, schema: str, name: str) -> None:
    """Remove a view's entry."""
    session.execute(
        f"delete from penstock.views where schema_name = {literal(schema)}"
        f" and view_name = {literal(name)}"
    )


def readers(known: dict[tuple[str, str], Entry], tables: Iterable[str]) -> list[Entry]:
    """Views that read one of these state tables, directly or not, inputs first."""
    reached = set(tables)
    found: dict[tuple[str, str], Entry] = {}
    grew = True
    while grew:
        grew = False
        for key, entry in known.items():
            if key not in found and reached & set(entry.definition["state_inputs"]):
                found[key] = entry
                reached |= set(entry.tables)
                grew = True
    return sorted(found.values(), key=lambda e: e.definition["stages"][-1]["level"])


def pipelines(session: Session) -> dict[tuple[str, str], int]:
    """Base table -> the pipeline it belongs to."""
    rows = session.execute("select schema_name, table_name, pipeline from penstock.inputs")
    return {(schema, name): pipeline for schema, name, pipeline in rows}


def assign(session: Session, tables: Iterable[Table], pipeline: int) -> None:
    """Put base tables into a pipeline."""
    for table in tables:
        new, old = held_names(table)
        session.execute(
            "insert into penstock.inputs (schema_name, table_name, pipeline, held_new, held_old)"
            f" values ({literal(table.schema)}, {literal(table.name)}, {int(pipeline)},"
            f" {literal(new)}, {literal(old)})"
            " on conflict (schema_name, table_name) do update set pipeline = excluded.pipeline,"
            " held_new = excluded.held_new, held_old = excluded.held_old"
        )


def names_taken(session: Session) -> set[str]:
    """The names of what stands in the schema of states."""
    rows = session.execute(
        "select relname::text from pg_catalog.pg_class"
        f" where relnamespace = {literal(STATE)}::regnamespace"
    )
    return {name for (name,) in rows}
