"""What a trigger function does to be timed: nothing, unless its session asks for it.

`set penstock.timing = on` has each call leave a row in penstock.timings, with its total time and
its self time, which is without the functions that its own statements fired. While it is off, a
call costs one look at a setting; rows are never counted. sql/functions/engine_timing.sql has the
rest, and `penstock profile` reads it.
"""

from __future__ import annotations

from penstock_ivm.model import View
from penstock_ivm.session import literal

# Nothing is noted at the start, so that a function may return early and leave nothing undone.
DECLARED = """    penstock_timed constant bigint[] := case
        when current_setting('penstock.timing', true) = 'on' then penstock.timing_begins()
    end;
"""


def noted(view: View, function: str) -> str:
    """Write what comes after a function's body."""
    return f"""    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, {literal(f"{view.schema}.{view.name}")}, {literal(function)}
        );
    end if;
"""
