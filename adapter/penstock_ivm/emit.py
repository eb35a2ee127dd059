"""From stages to DDL text: state tables, indexes, trigger functions, triggers, the view."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlglot import exp

from penstock_ivm.collecting import uncollected
from penstock_ivm.expressions import render, strip
from penstock_ivm.failing import on_failure
from penstock_ivm.model import View
from penstock_ivm.names import fit
from penstock_ivm.operators.components import Components
from penstock_ivm.operators.lookup import join_lookups, tick_lookups
from penstock_ivm.operators.stage import Lookup, Stage, Trigger
from penstock_ivm.ordering import ordered_sql
from penstock_ivm.plan import Plan
from penstock_ivm.relation import STATE, WEIGHT, Table, held_names
from penstock_ivm.session import ident, literal, qualified
from penstock_ivm.temporal import clocks
from penstock_ivm.timing import DECLARED, noted

# Room on each page for the next version of a row, so that updates stay beside it (HOT), and
# vacuum after a tenth of the table changed: sooner costs more than what it finds. Statistics are
# for readers alone: no plan of maintenance asks them. By default they are taken again at every
# visit while a table is small or changes fast: 14 % of a core at 9,000 events a second.
_STORAGE = (
    "fillfactor = {}, autovacuum_vacuum_scale_factor = 0.1,"
    " autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2"
)
# Hardly a reader looks for a value of these, and ANALYZE sorts thousands of them.
_NO_STATISTICS = ("json", "jsonb", "bytea", "xml")
_LEVELS = 99_999

# A transition table has no statistics and plpgsql keeps one plan whatever comes: a plan made
# for ten rows must serve ten thousand. From a delta, index lookups cost the same for each row
# at any size, so nothing else is allowed. Pages cost nothing and rows much, or a plan made
# while a table has one page would read its whole index for each row of the delta for ever.
# Such a plan does not depend on what a parameter holds, so it is made once, not for each call.
_BY_INDEX = """set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
set random_page_cost = 0
set cpu_tuple_cost = 1
set cpu_index_tuple_cost = 1
set jit = off
set work_mem = '64MB'
set plan_cache_mode = force_generic_plan"""
# A change that meets itself has no index, and what was planned for one row must serve any
# number: the two are hashed. LATERAL leaves no other way than a nested loop, by index.
_HASHED = _BY_INDEX.replace("set enable_hashjoin = off", "set enable_nestloop = off")
# A self join is planned for each call: which side is the smaller, nobody knows before.
_PLANNED_ANEW = _HASHED.replace("force_generic_plan", "auto")
# Where rows are compared by how they look, they must look the same in every session.
_LOOKS = """set timezone = 'UTC'
set datestyle = 'ISO, MDY'
set intervalstyle = 'postgres'
set extra_float_digits = 1
set bytea_output = 'hex'"""


def build_sql(stage: Stage) -> str:
    """Create and fill a state table."""
    storage = _STORAGE.format(stage.fillfactor)
    text = f"create table {stage.table.sql} with ({storage}) as\n{stage.build_sql()};\n"
    not_null = [c.name for c in stage.table.columns if c.not_null]
    if isinstance(stage, Components):
        text += stage.fill_sql() + ";\n"
    for name in not_null:
        text += f"alter table {stage.table.sql} alter column {ident(name)} set not null;\n"
    for column in stage.table.columns:
        if column.type in _NO_STATISTICS:
            named = f"{stage.table.sql} alter column {ident(column.name)}"
            text += f"alter table {named} set statistics 0;\n"
    terms = stage.unique_terms()
    if terms:
        text += f"create unique index on {stage.table.sql} ({', '.join(terms)});\n"
    return text


def clock_sql(clock: Table, view: View) -> str:
    """Create a view's clock, set to the time it is; penstock.tick() alone moves it."""
    ticking = "pg_catalog.current_setting('penstock.ticking', true) is distinct from 'on'"
    comment = f"{view.schema}.{view.name}: the time that its now() stands for"
    return f"""create table {clock.sql} as select pg_catalog.clock_timestamp() as "at";
alter table {clock.sql} alter column "at" set not null;
create trigger penstock_00000_protect
    before insert or update or delete or truncate on {clock.sql}
    for each statement when ({ticking})
    execute function penstock.refuse_write({literal(f"the clock of {view.schema}.{view.name}")});
alter table {clock.sql} enable always trigger penstock_00000_protect;
comment on table {clock.sql} is {literal(comment)};
"""


def index_sql(stages: Iterable[Stage]) -> dict[str, str]:
    """Indexes that maintenance needs: name -> statement; those that stand already left out."""
    found: dict[str, str] = {}
    for stage in stages:
        block = stage.block
        for lookup in [*stage.lookups(), *join_lookups(block), *tick_lookups(block)]:
            is_idle = lookup.table.append_only and not lookup.always
            if is_idle or _is_served(lookup):
                continue
            terms = [_index_term(node) for node in lookup.expressions]
            terms = list(dict.fromkeys(terms))
            where = " and ".join(f"({render(_bare(node))})" for node in lookup.where)
            text = f"{lookup.table.sql} {terms}{where}"
            name = f"penstock_{hashlib.sha256(text.encode()).hexdigest()[:12]}"
            found[qualified(lookup.table.schema, name)] = (
                f"create index if not exists {ident(name)} on {lookup.table.sql}"
                f" ({', '.join(terms)})"
            ) + (f" where {where}" if where else "")
    return found


def _is_served(lookup: Lookup) -> bool:
    nodes = [strip(node) for node in lookup.expressions]
    table = lookup.table
    if any(isinstance(node, exp.Ordered) for node in nodes):
        return _is_in_key_order(nodes, table)
    if not all(isinstance(node, exp.Column) for node in nodes):
        return False
    names = {node.name for node in nodes}
    own = (
        [table.key]
        if table.key
        and all(table.column(n).not_null and table.column(n).is_builtin for n in table.key)
        else []
    )
    return any(
        set(index[: len(names)]) == names or (index == table.key and set(index) <= names)
        for index in (*table.indexes, *own)
        if index
    )


def _is_in_key_order(nodes: list[exp.Expr], table: Table) -> bool:
    """Whether the key's own index gives rows in this order, forwards or backwards."""
    by = [strip(node.this) for node in nodes if isinstance(node, exp.Ordered)]
    directions = {
        (bool(node.args.get("desc")), bool(node.args.get("nulls_first"))) for node in nodes
    }
    return (
        len(by) == len(nodes)
        and all(isinstance(node, exp.Column) for node in by)
        and tuple(node.name for node in by) == table.key[: len(by)]
        and all(table.column(node.name).not_null for node in by)
        and all(table.column(node.name).is_builtin for node in by)
        and directions in ({(False, False)}, {(True, True)})
    )


def _index_term(node: exp.Expr) -> str:
    if isinstance(node, exp.Ordered):
        return ordered_sql(node, _index_term(node.this))
    bare = _bare(strip(node))
    return render(bare) if isinstance(bare, exp.Column) else f"({render(bare)})"


def _bare(node: exp.Expr) -> exp.Expr:
    """Leave out which relation the columns are of."""
    return node.transform(
        lambda n: (
            exp.Column(this=exp.to_identifier(n.name, quoted=True))
            if isinstance(n, exp.Column)
            else n
        )
    )


@uncollected()
def trigger_sql(stage: Stage, view: View, own: set[str]) -> tuple[str, list[str]]:
    """Create a stage's functions and triggers; return them and the functions' names.

    own: the state tables of the view. What changes them runs inside a function that an input
    fired, and fails with that one.
    """
    text, names = "", []
    for trigger in stage.triggers():
        name = fit(f"{stage.table.name}__{trigger.event}__{trigger.table.name}")
        if f"{STATE}.{name}" in names:
            name = fit(f"{name}_{hashlib.sha256(trigger.table.sql.encode()).hexdigest()[:6]}")
        names.append(f"{STATE}.{name}")
        failing = ""
        if trigger.table.sql not in own:
            failing = on_failure(trigger, view, is_root=_is_root(trigger.table, stage))
        text += _function(trigger, name, view, failing) + _triggers(trigger, stage, name)
    return text, names


def _is_root(table: Table, stage: Stage) -> bool:
    """Whether no maintenance function has fired the trigger: a user's write, or a tick."""
    return not table.is_state or table in clocks(stage.block)


def _function(trigger: Trigger, name: str, view: View, failing: str) -> str:
    settings = _BY_INDEX
    if "where penstock_fresh" in trigger.body:
        settings = _PLANNED_ANEW
    elif "from inserted as i" in trigger.body:
        settings = _HASHED
    if "::text" in trigger.body:
        settings += "\n" + _LOOKS
    skip = ""
    if not trigger.table.is_state:
        skip = """    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
"""
    if view.on_error == "suspend" and failing:
        skip += f"""    if penstock.is_suspended({literal(view.schema)}, {literal(view.name)}) then
        return null;
    end if;
"""
    if trigger.event == "insert" and not trigger.table.is_state and not trigger.takes_turn:
        skip += """    if current_setting('penstock.late', true) = 'on' then
        perform penstock.take_late_turn(tg_relid);
    end if;
"""
    body = trigger.body
    if failing:
        body = f"begin\n{body}\n{failing}\nend;"
    body = "\n".join(f"    {line}" if line else "" for line in body.splitlines())
    declared = f"    {trigger.declarations}\n" if trigger.declarations else ""
    change = f"{trigger.event} on {trigger.table.schema}.{trigger.table.name}"
    comment = f"{view.schema}.{view.name}: {change}. {trigger.rule}"
    tag = "$penstock$"
    return f"""create function {qualified(STATE, name)}() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
{settings}
as {tag}
#variable_conflict use_column
declare
    penstock_fresh constant boolean := true;
{DECLARED}{declared}begin
{skip}{body}
{noted(view, name)}    return null;
end
{tag};
comment on function {qualified(STATE, name)}() is {literal(comment)};
"""


def _triggers(trigger: Trigger, stage: Stage, function: str) -> str:
    """Fire on the table itself, and where rows of it are held back.

    Triggers of one event fire in the order of their names: the highest level first, so that
    whoever reads a table and a view of it sees the view as it was.
    """
    name = ident(fit(f"penstock_{_LEVELS - stage.table.level:05d}_{function}"))
    table = trigger.table
    referencing = {
        "insert": "new table as new_rows",
        "update": "new table as new_rows old table as old_rows",
        "delete": "old table as old_rows",
    }[trigger.event]
    call = f"for each statement execute function {qualified(STATE, function)}()"
    text = (
        f"create trigger {name} after {trigger.event} on {table.sql} referencing {referencing}"
        f" {call};\nalter table {table.sql} enable always trigger {name};\n"
    )
    if table.is_state:
        return text
    new, old = held_names(table)

    def always(held: str) -> str:
        # Under session_replication_role = replica, as logical replication applies rows.
        return f"alter table {held} enable always trigger {name};\n"

    if trigger.event == "insert":
        told = "referencing old table as new_rows"
        text += f"create trigger {name} after delete on {new} {told} {call};\n{always(new)}"
    if trigger.event == "delete":
        told = "referencing old table as old_rows"
        text += f"create trigger {name} after delete on {old} {told} {call};\n{always(old)}"
    return text


def protect_sql(stage: Stage, model: str) -> str:
    """Refuse writes that do not come from maintenance, which always runs inside a trigger."""
    return f"""create trigger penstock_00000_protect
    before insert or update or delete or truncate on {stage.table.sql}
    for each statement when (pg_catalog.pg_trigger_depth() = 0)
    execute function penstock.refuse_write({literal(model)});
alter table {stage.table.sql} enable always trigger penstock_00000_protect;
"""


def reading_sql(plan: Plan, beside: str = "") -> str:
    """The SELECT over the state that other models read: a bag's rows once, with their weight.

    beside: what else stands in FROM.
    """
    outputs = [f"{render(node)} as {ident(name)}" for name, node in plan.outputs.items()]
    where = " and ".join(render(node) for node in plan.where)
    alias = _alias(plan)
    text = f"select {', '.join(outputs)} from {plan.last.table.sql} as {ident(alias)}{beside}"
    return f"{text} where {where}" if where else text


def view_sql(plan: Plan) -> str:
    """The SELECT over the state that users see: a bag's rows as often as they occur."""
    if not plan.last.table.has(WEIGHT):
        return reading_sql(plan)
    times = f"{ident(_alias(plan))}.{ident(WEIGHT)}"
    return reading_sql(plan, f", pg_catalog.generate_series(1, {times})")


def _alias(plan: Plan) -> str:
    for node in (*plan.outputs.values(), *plan.where):
        found = node.find(exp.Column)
        if found is not None:
            return found.table
    return "state"


def reads_base(stage: Stage) -> list[Table]:
    """The base tables that a stage reads."""
    return [table for table in stage.block.tables().values() if not table.is_state]
