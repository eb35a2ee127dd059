"""What a trigger function does when its view cannot take a change.

It tells the writer which view and which row, or suspends the view and lets the writer go on.
Only functions that something outside the view fires do so: an error further down arrives there,
and PostgreSQL's own context says whose it was. A block with EXCEPTION is a subtransaction; one
for each input of a view, not one for each stage, is what naming an error costs.
https://www.postgresql.org/docs/current/plpgsql-control-structures.html#PLPGSQL-ERROR-TRAPPING
"""

from __future__ import annotations

from penstock_ivm.model import View
from penstock_ivm.operators.stage import Trigger
from penstock_ivm.session import literal

# How many changed rows are tried one by one to find the one that fails.
_TRIED = 1000


def on_failure(trigger: Trigger, view: View, *, is_root: bool) -> str:
    """Write the EXCEPTION part of a trigger function's body; empty where it needs none.

    is_root: no other maintenance function is around this one. An error of a view further down
    is told there; a view that suspends itself does so wherever it stands.
    """
    suspends = view.on_error == "suspend"
    if not (suspends or is_root):
        return ""
    me = f"{literal(view.schema)}, {literal(view.name)}"
    told = "__state, __message, __detail, __hint, __place"
    act = f"perform penstock.refuse_change({me}, __context, {told});"
    if suspends:
        # What another view could not take is not for this one to be suspended for.
        otherwise = act if is_root else "raise;"
        act = f"""if penstock.is_fault_of({me}, __context) then
            perform penstock.suspend({me}, {told});
        else
            {otherwise}
        end if;"""
    return f"""exception when others then
    declare
        __state constant text := sqlstate;
        __message text;
        __detail text;
        __hint text;
        __context text;
        __place text;
        __row jsonb;
        __rows bigint;
    begin
        get stacked diagnostics __message = message_text, __detail = pg_exception_detail,
            __hint = pg_exception_hint, __context = pg_exception_context;
        if penstock.is_passed_on(__state, __message) then
            raise;
        end if;
{_find_row(trigger)}
        {act}
    end;"""


def _find_row(trigger: Trigger) -> str:
    """Try the changed rows one by one: a CTE hides the transition table behind its name."""
    rows = "old_rows" if trigger.event == "delete" else "new_rows"
    keys = ", ".join(literal(name) for name in trigger.table.key)
    if not trigger.probe:
        return "        __place := 'the clock moved';"
    one = f"{rows} as (select * from {rows} offset __at limit 1)"
    if trigger.event == "update":
        one += ", old_rows as (select * from old_rows limit 0)"
    relation = literal(f"{trigger.table.schema}.{trigger.table.name}")
    return f"""        select count(*) into __rows from {rows};
        for __at in 0 .. least(__rows, {_TRIED}) - 1 loop
            begin
                perform count(made) from (
                    with {one}
                    {trigger.probe}
                ) as made;
            exception when others then
                select to_jsonb(r) into __row
                from (select * from {rows} offset __at limit 1) as r;
                exit;
            end;
        end loop;
        if __row is null then
            select penstock.place_of_change({relation}, to_jsonb(r), array[{keys}]::text[], __rows)
            into __place from (select * from {rows} limit 1) as r;
        else
            __place := penstock.place_of_change({relation}, __row, array[{keys}]::text[], 1);
        end if;"""
