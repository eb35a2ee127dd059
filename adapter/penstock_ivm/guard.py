"""What stands on a base table so that its changes reach the views in order, once.

Before a statement: the pipeline's lock, unless its writer is late, for whom the functions take
it; and a count of open statements. After it: when it was the only one open, the maintenance
functions run straight from its transition tables. When several tables change in one statement
(data-modifying CTEs, foreign-key cascades), or one table by several events (ON CONFLICT DO
UPDATE, MERGE), their rows are put aside and told one table after the other, so that each is
computed against the others as they were.
"""

from __future__ import annotations

from penstock_ivm.names import fit
from penstock_ivm.relation import STATE, Table, held_names
from penstock_ivm.session import ident, literal, qualified

# Triggers fire in the order of their names: these come before every `penstock_…` below.
BEFORE = "penstock_00000_before"
CAPTURE = "penstock_00000_capture"
# For logical replication, whose worker writes row by row and fires no statement triggers.
APPLY = "penstock_00000_apply"
CAPTURED = {
    "insert": ("after", "referencing new table as new_rows"),
    "update": ("after", "referencing new table as new_rows old table as old_rows"),
    "delete": ("after", "referencing old table as old_rows"),
    "truncate_before": ("before", ""),
    "truncate_after": ("after", ""),
}
# Rows are held by the columns that views read, and there may be none.
HELD = "__held"


def sequence_name(pipeline: int) -> str:
    """The sequence that keeps the last writer of a pipeline."""
    return qualified(STATE, f"pipeline_{pipeline}")


def before_sql(table: Table, pipeline: int) -> str:
    """Set the triggers that take the pipeline; again when a table changes its pipeline."""
    arguments = f"{pipeline}, {literal(sequence_name(pipeline))}"
    call = f"penstock.before_change({arguments})"
    return f"""create sequence if not exists {sequence_name(pipeline)} minvalue 0;
drop trigger if exists {BEFORE} on {table.sql};
create trigger {BEFORE}
    before insert or update or delete or truncate on {table.sql}
    for each statement execute function {call};
alter table {table.sql} enable always trigger {BEFORE};
drop trigger if exists {APPLY} on {table.sql};
create trigger {APPLY} after insert or update or delete on {table.sql}
    for each row execute function {_function(table, "apply")}({arguments});
alter table {table.sql} enable replica trigger {APPLY};"""


def guard_sql(table: Table) -> str:
    """Create the tables that hold rows, and the function that puts them there.

    table: with the columns that views read; a column that no view reads may be dropped.
    """
    new, old = held_names(table)
    return f"""create unlogged table {new} ({HELD} boolean);
create unlogged table {old} ({HELD} boolean);
{capture_sql(table)}"""


def capture_triggers_sql(table: Table) -> str:
    """Set the triggers that put rows aside, whether or not they are there."""
    call = f"for each statement execute function {_function(table)}()"
    return "\n".join(
        f"""drop trigger if exists {CAPTURE}_{event} on {table.sql};
create trigger {CAPTURE}_{event}
    {moment} {event.partition("_")[0]} on {table.sql} {tables} {call};
alter table {table.sql} enable always trigger {CAPTURE}_{event};"""
        for event, (moment, tables) in CAPTURED.items()
    )


def capture_sql(table: Table) -> str:
    """Create or replace the function that puts rows aside, and give its tables their columns."""
    new, old = held_names(table)
    names = "".join(f", {ident(column.name)}" for column in table.columns)
    columns = f"{HELD}{names}"
    picked = f"true{names}"
    added = "\n".join(
        f"alter table {held} add column if not exists {ident(column.name)} {column.type};"
        for held in (new, old)
        for column in table.columns
    )
    copied = literal(f"insert into {old} ({columns}) select {picked} from only ")
    told = f"{literal(new)}::regclass, {literal(old)}::regclass"
    values = {
        kind: "".join(f", {kind}.{ident(column.name)}" for column in table.columns)
        for kind in ("new", "old")
    }
    return f"""{added}
create or replace function {_function(table, "apply")}() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if coalesce(nullif(current_setting('penstock.open', true), ''), '0') <> '0' then
        -- A statement, which is told as a whole.
        return null;
    end if;
    perform penstock.take_turn(
        tg_argv[0]::int, tg_argv[1]::regclass, format('views of %s', tg_relid::regclass)
    );
    if tg_op in ('INSERT', 'UPDATE') then
        insert into {new} ({columns}) values (true{values["new"]});
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into {old} ({columns}) values (true{values["old"]});
    end if;
    perform set_config('penstock.open', '0', true);
    perform penstock.after_change(tg_relid, {told});
    perform set_config('penstock.skip', '', true);
    return null;
end
$guard$;
create or replace function {_function(table)}() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if tg_when = 'BEFORE' then
        -- TRUNCATE of a partitioned table fires for each partition too: each tells its own rows.
        execute {copied} || tg_relid::regclass;
        perform penstock.after_change(tg_relid, {told});
        return null;
    end if;
    perform set_config(
        'penstock.open', (current_setting('penstock.open')::int - 1)::text, true
    );
    if tg_op = 'TRUNCATE' then
        perform penstock.after_change(tg_relid, {told});
        return null;
    end if;
    if current_setting('penstock.open') = '0'
        and coalesce(current_setting('penstock.held', true), '') = ''
    then
        if coalesce(current_setting('penstock.skip', true), '') <> '' then
            perform set_config('penstock.skip', '', true);
        end if;
        -- The functions are next, and take a late writer's turn.
        return null;
    end if;
    if tg_op = 'INSERT' then
        perform penstock.take_late_turn(tg_relid);
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        insert into {new} ({columns}) select {picked} from new_rows;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into {old} ({columns}) select {picked} from old_rows;
    end if;
    perform penstock.after_change(tg_relid, {told});
    return null;
end
$guard$;"""


def unguard_sql(table: Table) -> str:
    """Take everything down again, also from a table that has another name by now."""
    new, old = held_names(table)
    return f"""drop function if exists {_function(table)}() cascade;
drop function if exists {_function(table, "apply")}() cascade;
drop table if exists {new}, {old};
do $sweep$
declare
    relation regclass;
begin
    for relation in
        select t.tgrelid from pg_catalog.pg_trigger as t
        where t.tgname = {literal(BEFORE)} and not exists (
            select from pg_catalog.pg_trigger as c
            where c.tgrelid = t.tgrelid and c.tgname = {literal(f"{CAPTURE}_insert")}
        )
    loop
        -- Nothing would count its statements out again.
        execute format('drop trigger {BEFORE} on %s', relation);
    end loop;
end
$sweep$;"""


def _function(table: Table, verb: str = "capture") -> str:
    return qualified(STATE, fit(f"{verb}__{table.schema}__{table.name}"))
