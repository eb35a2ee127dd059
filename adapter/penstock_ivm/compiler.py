"""From a model to a maintained view: bind, plan, emit, and swap in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlglot import exp

from penstock_ivm import catalog
from penstock_ivm.bind import Bound, bind
from penstock_ivm.builder import Builder
from penstock_ivm.catalog import Entry
from penstock_ivm.deploying import DEPLOY_LOCK, ENGINE, deploy, drop_unread, text_hash
from penstock_ivm.emit import (
    build_sql,
    clock_sql,
    index_sql,
    protect_sql,
    reading_sql,
    reads_base,
    trigger_sql,
    view_sql,
)
from penstock_ivm.errors import Unmaintainable, placed
from penstock_ivm.explaining import described
from penstock_ivm.expressions import strip
from penstock_ivm.guard import sequence_name
from penstock_ivm.indexing import create_index, create_user_indexes
from penstock_ivm.inputs import (
    columns_read,
    follow_partitions,
    guard,
    join_pipelines,
    lock_writers,
    release_inputs,
)
from penstock_ivm.model import Difference, Index, Outcome, View
from penstock_ivm.names import free
from penstock_ivm.plan import Plan, Planner
from penstock_ivm.relation import STATE, Column, Table
from penstock_ivm.resolve import Resolved, describe, resolve
from penstock_ivm.retiring import lost_columns, retire
from penstock_ivm.session import Session, literal, literal_list, qualified, sqlstate
from penstock_ivm.showing import give_back, show, standing
from penstock_ivm.spelling import restored
from penstock_ivm.temporal import clock_table, pinned, reads_now, unclocked

# invalid_datetime_format, datetime_field_overflow
_NO_INTERVAL = ("22007", "22008")


def plan_view(session: Session, view: View) -> tuple[Bound, Plan]:
    """Bind and plan a model without changing anything that lasts."""
    try:
        bound = _bind(session, view)
        return bound, _plan(session, view, bound)
    except Unmaintainable as error:
        raise placed(error, view) from None


def build(session: Session, view: View, resolved: Resolved, *, rebuild: bool) -> Outcome:
    """Build a view, if it is not as it was built after all: see deploying.deploy()."""
    known = catalog.entries(session)
    entry = known.get((view.schema, view.name))
    try:
        bound = bind(resolved)
        if (
            entry is not None
            and not rebuild
            and entry.fingerprint == _fingerprint(bound, view, entry.view.indexes)
            and not catalog.faults(session, view.schema, view.name)
        ):
            return _leave(session, view, bound, entry)
        _check_name(session, view, entry)
        _check_on_error(view)
        stale = [] if entry is None else [entry, *_readers_of(known, entry)]
        if entry is not None:
            mine = {*entry.tables, *(t for e in stale for t in e.tables)}
            if mine & {t.name for t in bound.tables.values() if t.is_state}:
                raise Unmaintainable(
                    f"{view.schema}.{view.name} reads itself", None, "break the circle"
                )
        stays = entry is not None and _stays(session, entry, stale[1:], bound)
        if entry is not None and stays:
            _build_anew(session, view, bound, entry, stale[1:])
            stale = []
        else:
            _build(session, view, bound, entry)
    except Unmaintainable as error:
        raise placed(error, view) from None
    for reader in stale[1:]:
        _rebuild(session, reader, view)
    for old in reversed(stale):
        _remove_objects(session, old)
    release_inputs(session, stale)
    drop_unread(session)
    return Outcome.CREATED if entry is None else Outcome.REPLACED


def drop(session: Session, schema: str, name: str) -> None:
    """Remove a maintained view with its state. Refused while other maintained views read it."""
    session.execute(DEPLOY_LOCK)
    known = catalog.entries(session)
    entry = _entry(known, schema, name)
    reading = _readers_of(known, entry)
    if reading:
        names = ", ".join(f"{r.view.schema}.{r.view.name}" for r in reading)
        raise Unmaintainable(
            f"{schema}.{name} is read by maintained views and cannot be dropped",
            names,
            "drop those first",
        )
    lock_writers(session, [tuple(base) for base in entry.definition["bases"]])
    session.execute(f"drop view if exists {qualified(schema, name)}")
    session.execute(f"drop view if exists {qualified(STATE, entry.definition['anchor'])}")
    catalog.forget(session, schema, name)
    _remove_objects(session, entry)
    release_inputs(session, [entry])
    drop_unread(session)


def repair(session: Session, schema: str, name: str) -> None:
    """Build a view again from its SELECT, and the views that read it."""
    entry = _entry(catalog.entries(session), schema, name)
    deploy(session, _as_bound(entry), rebuild=True)


def verify(session: Session, schema: str, name: str) -> list[Difference]:
    """Compare a view with its own SELECT, both ways, as bags of what a reader would see.

    One statement, so one snapshot: safe while writers write. Empty means equal.
    """
    entry = _entry(catalog.entries(session), schema, name)
    want = f"select row(q.*)::text as r from ({entry.comparable}) as q"
    got = f"select row(v.*)::text as r from {qualified(schema, name)} as v"
    rows = session.execute(
        f"""
        with want as ({want}), got as ({got})
        select 'missing', r, count(*) from (select r from want except all select r from got) as m
        group by r
        union all
        select 'extra', r, count(*) from (select r from got except all select r from want) as e
        group by r
        order by 1, 2
        """
    )
    return [Difference(*row) for row in rows]


def _bind(session: Session, view: View) -> Bound:
    return bind(resolve(session, view.query, view.append_only))


# ---- building ---------------------------------------------------------------------


def _plan(session: Session, view: View, bound: Bound) -> Plan:
    taken = catalog.names_taken(session)
    query, clock = bound.query, None
    if reads_now(query):
        clock = clock_table(free(f"{view.name}__clock", taken))
        query = pinned(query, clock)

    def described(select: str) -> list[Column]:
        return describe(session, select if clock is None else unclocked(select, clock))

    builder = Builder(view.name, described, taken)
    plan = Planner(builder, bound.tables, bound.resolved.aggregates, bound.resolved.sets).plan(
        query
    )
    types = {column.name: column.type for column in bound.columns}
    # A view shows what its SELECT would: the same types, whatever the state keeps.
    outputs = {
        name: exp.Cast(this=node, to=exp.DataType.build(types[name], dialect="postgres", udt=True))
        if not isinstance(strip(node), exp.Column)
        or plan.last.table.column(strip(node).name).type != types[name]
        else node
        for name, node in plan.outputs.items()
    }
    return replace(plan, outputs=outputs, clock=clock)


def _build(session: Session, view: View, bound: Bound, entry: Entry | None) -> None:
    """Build a view's objects beside what stands, and point the view at them."""
    plan = _plan(session, view, bound)
    known = catalog.entries(session)
    direct = list({t.sql: t for stage in plan.stages for t in reads_base(stage)}.values())
    mine = {stage.table.name for stage in plan.stages}
    upstream = {
        table.name
        for stage in plan.stages
        for table in stage.block.tables().values()
        if table.is_state and table.name not in mine
    }
    bases = {(t.schema, t.name) for t in direct} | {
        (schema, name)
        for other in known.values()
        if upstream & set(other.tables)
        for schema, name in other.definition["bases"]
    }
    lock_writers(session, sorted(bases))
    reads = columns_read(plan)
    guard(session, direct, {table: set(names) for table, names in reads.items()})
    pipeline = join_pipelines(session, bases, direct)
    indexes = index_sql(plan.stages)
    if plan.clock is not None:
        _check_period(session, view)
        session.execute(clock_sql(plan.clock, view))
    for stage in plan.stages:
        session.execute(build_sql(stage))
    for statement in indexes.values():
        create_index(session, statement)
    functions: list[str] = []
    by_stage: list[list[str]] = []
    own = {stage.table.sql for stage in plan.stages}
    shown = f"{view.schema}.{view.name}"
    for stage in plan.stages:
        text, names = trigger_sql(stage, view, own)
        functions += names
        by_stage.append(names)
        session.execute(text + protect_sql(stage, shown))
        _analyze(session, stage.table)
    for table in direct:
        follow_partitions(session, table)
    user_indexes = create_user_indexes(session, view, plan, plan.last.table.name)
    show(session, qualified(view.schema, view.name), bound.columns, view_sql(plan))
    anchor = _anchor(session, view, bound, entry)
    session.execute(
        f"select pg_catalog.setval({literal(sequence_name(pipeline))},"
        " pg_catalog.pg_current_xact_id()::text::bigint)"
    )
    definition: dict[str, Any] = {
        "path": view.path,
        "select": bound.resolved.definition.rstrip().rstrip(";"),
        "text_hash": text_hash(bound.resolved, view),
        **user_indexes,
        "append_only": sorted(list(pair) for pair in view.append_only),
        "stages": [
            {
                "table": stage.table.name,
                "level": stage.table.level,
                "rule": stage.rule,
                "key": list(stage.table.key),
                "inputs": [f"{t.schema}.{t.name}" for t in stage.block.tables().values()],
                "functions": names,
                **described(stage),
            }
            for stage, names in zip(plan.stages, by_stage, strict=True)
        ],
        "state_inputs": sorted(upstream),
        "bases": sorted(list(pair) for pair in bases),
        "direct_bases": sorted([t.schema, t.name] for t in direct),
        "on_error": view.on_error,
        "reads": sorted([*table, sorted(names)] for table, names in reads.items()),
        "functions": functions,
        "input_indexes": sorted(
            name for name, text in indexes.items() if not name.startswith(f'"{STATE}"')
        ),
        "reading": reading_sql(plan),
        "anchor": anchor,
        "anchored": _anchored(session, anchor),
        "server": session.execute("select current_setting('server_version_num')")[0][0],
        "triggers": _triggers(session, functions, direct, mine),
    }
    if plan.clock is not None:
        definition["clock"] = {"table": plan.clock.name, "every": view.tick}
        definition["check"] = pinned(bound.shown(), plan.clock).sql(dialect="postgres")
    catalog.write(session, view, _fingerprint(bound, view, view.indexes), definition)


def _stays(session: Session, entry: Entry, readers: list[Entry], bound: Bound) -> bool:
    """Whether an old version has to stay, for others read what the new one lacks."""
    lost = lost_columns(session, entry, readers, bound.columns)
    if lost and entry.view.on_error == "suspend":
        # Its functions know it, for suspending, by the name that the new one takes.
        raise Unmaintainable(
            "a view that may be suspended cannot lose columns that others read",
            ", ".join(lost),
            "keep them until the readers are changed, or drop the readers first",
        )
    return bool(lost)


def _build_anew(
    session: Session, view: View, bound: Bound, entry: Entry, readers: list[Entry]
) -> None:
    """Build a view under a name whose holder is retired, with its grants and comments."""
    lock_writers(session, [tuple(base) for base in entry.definition["bases"]])
    had = standing(session, view.schema, view.name)
    retire(session, entry, readers, catalog.names_taken(session))
    _build(session, view, bound, None)
    give_back(session, had)


def _anchor(session: Session, view: View, bound: Bound, entry: Entry | None) -> str:
    """Tell PostgreSQL what the view depends on; return the name of the view that does.

    Functions hold no dependencies on what they read. A view of the bound SELECT does: a table
    or a column that the model needs cannot be dropped or retyped under it.
    """
    if entry is not None:
        session.execute(f"drop view if exists {qualified(STATE, entry.definition['anchor'])}")
    name = free(f"{view.name}__select", catalog.names_taken(session))
    select = restored(bound.query.sql(dialect="postgres"))
    session.execute(f"create view {qualified(STATE, name)} as {select}")
    return name


def _anchored(session: Session, anchor: str) -> str:
    """The bound SELECT as PostgreSQL writes it now; it follows what is renamed."""
    named = literal(qualified(STATE, anchor))
    ((text,),) = session.execute(f"select penstock.engine_definition({named}::regclass)")
    return str(text)


def _triggers(
    session: Session, functions: list[str], direct: list[Table], mine: set[str]
) -> list[list[str]]:
    """(schema, table, trigger) of everything that must fire for the view to be maintained."""
    made = literal_list(name.split(".", 1)[1] for name in functions)
    tables = [table.sql for table in direct] + [qualified(STATE, name) for name in mine]
    rows = session.execute(
        "select n.nspname::text, c.relname::text, t.tgname::text from pg_catalog.pg_trigger as t"
        " join pg_catalog.pg_class as c on c.oid = t.tgrelid"
        " join pg_catalog.pg_namespace as n on n.oid = c.relnamespace"
        " left join pg_catalog.pg_proc as p on p.oid = t.tgfoid"
        f" and p.pronamespace = {literal(STATE)}::regnamespace and p.proname in ({made or 'null'})"
        # A partition that goes is no fault; penstock.faults() looks at those that are there.
        " where not t.tgisinternal and not c.relispartition and (p.oid is not null or"
        f" (t.tgrelid = any(array[{literal_list(tables)}]::regclass[])"
        " and t.tgname like 'penstock\\_00000\\_%')) order by 1, 2, 3"
    )
    return [list(row) for row in rows]


def _rebuild(session: Session, entry: Entry, changed: View) -> None:
    """Build a reader of a view that changed again, from its own SELECT."""
    view = _as_bound(entry)
    try:
        _build(session, view, _bind(session, view), entry)
    except Unmaintainable as error:
        raise placed(error, view) from None
    except Exception as error:
        if not (sqlstate(error) or "").startswith("42"):
            raise
        raise Unmaintainable(
            f"columns of {changed.schema}.{changed.name} change,"
            f" and {view.schema}.{view.name} reads them as they were",
            str(error).strip().splitlines()[0],
            "change or drop that view first, or give the column another name",
        ) from None


def _as_bound(entry: Entry) -> View:
    """The view with its names qualified, so that search_path does not matter."""
    return replace(entry.view, query=entry.definition["select"])


def _fingerprint(bound: Bound, view: View, wanted: Iterable[Index]) -> str:
    indexes = sorted((i.columns, i.unique, i.type) for i in wanted)
    failing = "" if view.on_error == View.on_error else f" {view.on_error}"
    text = f"{ENGINE} {bound.identity} {indexes}{failing}"
    return hashlib.sha256(text.encode()).hexdigest()


def _check_period(session: Session, view: View) -> None:
    """Refuse a period that is none."""
    try:
        ((longer,),) = session.execute(f"select {literal(view.tick)}::interval > interval '0'")
    except Exception as error:
        if sqlstate(error) not in _NO_INTERVAL:
            raise
        longer = False
    if not longer:
        raise Unmaintainable(
            f"tick: {view.tick!r} is no period",
            f"{view.schema}.{view.name}",
            "write an interval longer than nothing, such as tick='10 seconds'",
        )


def _leave(session: Session, view: View, bound: Bound, entry: Entry) -> Outcome:
    """Leave the state of a view that is as it was built; its clock and its indexes may differ."""
    _set_period(session, view, entry)
    entry.definition["text_hash"] = text_hash(bound.resolved, view)
    if set(entry.view.indexes) != set(view.indexes):
        _index_anew(session, view, bound, entry)
        return Outcome.INDEXED
    catalog.amend(session, entry)
    return Outcome.UNCHANGED


def _set_period(session: Session, view: View, entry: Entry) -> None:
    """Tick an unchanged view as often as its model says now."""
    clock = entry.definition.get("clock")
    if clock is not None and clock["every"] != view.tick:
        _check_period(session, view)
        clock["every"] = view.tick
        catalog.write(session, view, entry.fingerprint, entry.definition)


def _analyze(session: Session, table: Table) -> None:
    """Give the planner statistics; not of next to nothing, which it would take for the rule."""
    rows = session.execute(
        f"select count(*) from (select from {table.sql} limit 1000) as first_rows"
    )
    if rows[0][0] == 1000:
        session.execute(f"analyze {table.sql}")


def _index_anew(session: Session, view: View, bound: Bound, entry: Entry) -> None:
    """Bring the indexes of an unchanged view to what its model says; the state stays."""
    definition = entry.definition
    lock_writers(session, [tuple(base) for base in definition["bases"]])
    for name in definition["user_indexes"]:
        session.execute(f"drop index if exists {qualified(STATE, name)}")
    table = definition["stages"][-1]["table"]
    definition |= create_user_indexes(session, view, _plan(session, view, bound), table)
    catalog.write(session, view, _fingerprint(bound, view, view.indexes), definition)


def _remove_objects(session: Session, entry: Entry) -> None:
    """Drop a view's functions, triggers and state as they were in this entry."""
    current = catalog.entries(session).get((entry.view.schema, entry.view.name))
    kept = set(current.definition["functions"]) if current else set()
    gone = [name for name in entry.definition["functions"] if name not in kept]
    for name in gone:
        schema, function = name.split(".", 1)
        session.execute(f"drop function if exists {qualified(schema, function)}() cascade")
    live = {
        index
        for other in catalog.entries(session).values()
        if other.fingerprint != entry.fingerprint
        for index in other.definition["input_indexes"]
    }
    for index in entry.definition["input_indexes"]:
        if index not in live:
            session.execute(f"drop index if exists {index}")
    clock = entry.definition.get("clock")
    for table in [*reversed(entry.tables), *([clock["table"]] if clock else [])]:
        session.execute(f"drop table if exists {qualified(STATE, table)}")


def _readers_of(known: dict[tuple[str, str], Entry], entry: Entry) -> list[Entry]:
    return [e for e in catalog.readers(known, entry.tables) if e is not entry]


def _entry(known: dict[tuple[str, str], Entry], schema: str, name: str) -> Entry:
    entry = known.get((schema, name))
    if entry is None:
        raise Unmaintainable(
            f"{schema}.{name} is not a maintained view",
            ", ".join(sorted(f"{s}.{n}" for s, n in known)) or "there is none",
            "name one of those",
        )
    return entry


def _check_on_error(view: View) -> None:
    if view.on_error not in ("raise", "suspend"):
        raise Unmaintainable(
            f"on_error: {view.on_error!r} is not known",
            f"{view.schema}.{view.name}",
            "write on_error='suspend' or on_error='raise', the default",
        )


def _check_name(session: Session, view: View, entry: Entry | None) -> None:
    rows = session.execute(
        f"select to_regclass({literal(qualified(view.schema, view.name))})::text"
    )
    if entry is None and rows[0][0] is not None:
        raise Unmaintainable(
            f"{view.schema}.{view.name} exists already and is not a maintained view",
            None,
            "drop it, or give the model another name",
        )
