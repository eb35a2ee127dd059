"""The base tables of a view: their guard, their pipeline, and giving them back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from penstock_ivm import catalog
from penstock_ivm.catalog import Entry
from penstock_ivm.guard import (
    APPLY,
    BEFORE,
    CAPTURE,
    CAPTURED,
    before_sql,
    capture_sql,
    capture_triggers_sql,
    guard_sql,
    sequence_name,
    unguard_sql,
)
from penstock_ivm.plan import Plan
from penstock_ivm.relation import STATE, Table
from penstock_ivm.resolve import describe_relation
from penstock_ivm.session import Session, literal, qualified

Reads = dict[tuple[str, str], set[str]]
"""(schema, base table) -> the columns that views read of it."""


def lock_writers(session: Session, bases: list[Any]) -> None:
    """Keep writers out of every input that is there; readers go on."""
    listed = ", ".join(
        qualified(schema, name) for schema, name in bases if _exists(session, schema, name)
    )
    if listed:
        session.execute(f"lock table {listed} in share row exclusive mode")


def _exists(session: Session, schema: str, name: str) -> bool:
    """Whether the table still stands: DROP … CASCADE takes an input and leaves its views."""
    rows = session.execute(f"select to_regclass({literal(qualified(schema, name))}) is not null")
    return bool(rows[0][0])


def guard(session: Session, tables: list[Table], reads: Reads) -> None:
    """Stand guard on the base tables, holding the columns that any view reads of them."""
    for entry in catalog.entries(session).values():
        for schema, name, columns in entry.definition["reads"]:
            reads.setdefault((schema, name), set()).update(columns)
    for table in tables:
        wanted = reads[table.schema, table.name]
        held = replace(table, columns=tuple(c for c in table.columns if c.name in wanted))
        _doubt_unfollowed(session, table)
        standing = _standing(session, table)
        if standing:
            session.execute(capture_sql(held))
        else:
            session.execute(unguard_sql(table))
            session.execute(guard_sql(held))
        if standing != dict.fromkeys(
            [BEFORE, APPLY, *(f"{CAPTURE}_{event}" for event in CAPTURED)], True
        ):
            # What was written meanwhile passed by every view of the table, not by this one only.
            session.execute(capture_triggers_sql(table))
            catalog.doubt(session, table)


def columns_read(plan: Plan) -> Reads:
    """The columns that a plan reads of each base table."""
    found: Reads = {}
    for stage in plan.stages:
        for table in stage.block.tables().values():
            if not table.is_state:
                names = found.setdefault((table.schema, table.name), set())
                names.update(stage.block.columns_of(table))
    return found


def _standing(session: Session, table: Table) -> dict[str, bool]:
    """The guard's triggers on a base table, and whether they fire for whom they should."""
    rows = session.execute(
        "select tgname::text, tgenabled = case tgtype & 1 when 1 then 'R' else 'A' end"
        " from pg_catalog.pg_trigger"
        f" where tgrelid = {literal(table.sql)}::regclass and tgname like 'penstock\\_00000\\_%'"
    )
    return dict(rows)


def join_pipelines(session: Session, bases: set[tuple[str, str]], direct: list[Table]) -> int:
    """Put all these inputs under one lock; return the pipeline."""
    known = catalog.pipelines(session)
    joined = {known[base] for base in bases if base in known}
    pipeline = min(joined) if joined else max(known.values(), default=0) + 1
    moved = {base for base, other in known.items() if other in joined and other != pipeline}
    lock_writers(session, sorted(moved - bases))
    tables = [Table(*base, ()) for base in sorted(moved) if _exists(session, *base)]
    tables += [
        t
        for t in direct
        if known.get((t.schema, t.name)) != pipeline and (t.schema, t.name) not in moved
    ]
    tables += [
        t
        for t in direct
        if known.get((t.schema, t.name)) == pipeline
        and not {BEFORE: True, APPLY: True}.items() <= _standing(session, t).items()
    ]
    for table in tables:
        _doubt_unfollowed(session, table)
    for table in tables:
        session.execute(before_sql(table, pipeline))
        follow_partitions(session, table)
    catalog.assign(session, tables, pipeline)
    return pipeline


def _doubt_unfollowed(session: Session, table: Table) -> None:
    """Have the views of a table built again whose partitions have come without its triggers.

    Whoever follows them next would hide that rows may have passed by.
    """
    root = f"{literal(table.sql)}::regclass"
    ((unfollowed,),) = session.execute(
        f"select exists (select from pg_catalog.pg_partition_tree({root}) as p"
        f" join pg_catalog.pg_trigger as r on r.tgrelid = {root}"
        " and r.tgname ~ '^penstock_[0-9]{5}_' and r.tgtype & 1 = 0"
        " left join pg_catalog.pg_trigger as t on t.tgrelid = p.relid and t.tgname = r.tgname"
        " where t.tgenabled is distinct from 'A')"
    )
    if unfollowed:
        catalog.doubt(session, table)


def follow_partitions(session: Session, table: Table) -> None:
    """Put the table's triggers on its partitions, at every level; rows are not told."""
    session.execute(f"select penstock.adopt({literal(table.sql)}::regclass, false)")


def release_inputs(session: Session, gone: Iterable[Entry]) -> None:
    """Let go of what only these former views needed: guards, held columns, sequences."""
    reads: Reads = {}
    for entry in catalog.entries(session).values():
        for schema, name, columns in entry.definition["reads"]:
            reads.setdefault((schema, name), set()).update(columns)
    touched = {(s, t) for entry in gone for s, t, _ in entry.definition["reads"]}
    for schema, name in catalog.pipelines(session):
        table = Table(schema, name, ())
        ((oid,),) = session.execute(f"select to_regclass({literal(table.sql)})::oid::bigint")
        if (schema, name) in reads:
            if (schema, name) in touched and oid is not None:
                held = tuple(
                    column
                    for column in describe_relation(session, oid)
                    if column.name in reads[schema, name]
                )
                session.execute(capture_sql(replace(table, columns=held)))
            continue
        session.execute(unguard_sql(table))
        session.execute(
            f"delete from penstock.inputs where schema_name = {literal(schema)}"
            f" and table_name = {literal(name)}"
        )
    live = {sequence_name(pipeline) for pipeline in catalog.pipelines(session).values()}
    for (sequence,) in session.execute(
        "select relname::text from pg_catalog.pg_class where relkind = 'S'"
        f" and relnamespace = {literal(STATE)}::regnamespace"
    ):
        if qualified(STATE, sequence) not in live:
            session.execute(f"drop sequence {qualified(STATE, sequence)}")
