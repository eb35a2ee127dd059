"""Resolve a model: PostgreSQL resolves the names, we read back what it understood.

A temporary view is made of the model's SELECT and read back with every name qualified, and so
are the views that it reads. What no plan could help is refused here. Nothing is parsed, and
sqlglot is not loaded: when all is as it was, there is nothing to compile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from penstock_ivm.errors import Unmaintainable
from penstock_ivm.relation import STATE, Column, Table
from penstock_ivm.session import Session, literal, qualified

_PROBE = "penstock_bind"

# STABLE because they call other types' output functions; those of dates and times are the
# ones that read the session's settings, and are refused as arguments.
_SETTLED = frozenset(
    [
        "concat",
        "concat_ws",
        "format",
        "array_to_string",
        "to_json",
        "to_jsonb",
        "json_build_object",
        "json_build_array",
        "jsonb_build_object",
        "jsonb_build_array",
        "json_agg",
        "jsonb_agg",
        "json_object_agg",
        "jsonb_object_agg",
        "row_to_json",
        "array_to_json",
        "textanycat",
        "anytextcat",
    ]
)
# date, time, timestamp, timestamptz, timetz
_DATE_TIME = frozenset({"1082", "1083", "1114", "1184", "1266"})
_CLOCK = frozenset({"now", "statement_timestamp", "transaction_timestamp"})
# now() and transaction_timestamp(), and CURRENT_TIMESTAMP: temporal.py says where they may stand.
_NOW = frozenset({"1299", "2647"})
# date_trunc(text, timestamptz, text) is declared STABLE, but it names its zone.
_TRUNC_IN_ZONE = "1284"
_NOW_CALL = re.compile(r"\{FUNCEXPR :funcid (?:1299|2647) |\{SQLVALUEFUNCTION :op 3 ")
_OTHER_VALUE = re.compile(r"\{SQLVALUEFUNCTION :op (?!3 )(\d+)")
# Comparisons of timestamptz with timestamptz.
_INSTANTS = r"\{OPEXPR :opno 132[0-5] "
# A day or a month is as long as the session's time zone says; hours are hours. A constant of
# type interval: 8 bytes of microseconds, 4 of days, 4 of months. Beside now() a day is UTC's.
_SHIFTS = frozenset(
    {"timestamptz_pl_interval", "timestamptz_mi_interval", "interval_pl_timestamptz"}
)
# They read columns by the input functions of types that the query names.
_RECORDS = frozenset(
    {"json_to_record", "json_to_recordset", "jsonb_to_record", "jsonb_to_recordset"}
)
_FIXED_INTERVAL = re.compile(
    r"\{CONST :consttype 1186 [^{}]*:constvalue 16 \[(?: -?\d+){8}(?: 0){8} \]\}"
)
_DAYS_INTERVAL = re.compile(
    r"\{CONST :consttype 1186 [^{}]*:constvalue 16 \[(?: -?\d+){12}(?: 0){4} \]\}"
)
_COLUMN_TYPES = re.compile(r":funccoltypes \(o ([\d ]+)\)")
_TYPE = re.compile(r":(?:vartype|consttype|funcresulttype|opresulttype|resulttype|aggtype) (\d+)")


@dataclass(frozen=True)
class Resolved:
    """A model as PostgreSQL understood it.

    definition: its SELECT, every name qualified. views: the same of each view that it reads,
    directly or not; a maintained one's is over its state. plain: those that are not maintained.
    aggregates, sets: names of such functions that it calls.
    """

    definition: str
    views: dict[tuple[str, str], str]
    plain: frozenset[tuple[str, str]]
    columns: tuple[Column, ...]
    tables: dict[tuple[str, str], Table]
    aggregates: frozenset[str]
    sets: frozenset[str]

    @property
    def text(self) -> str:
        """Text that changes whenever the bound query does, and at times when it does not."""
        return json.dumps(
            [
                self.definition,
                sorted([*name, text] for name, text in self.views.items()),
                sorted((t.schema, t.name, t.append_only) for t in self.tables.values()),
                [(c.name, c.type) for c in self.columns],
            ]
        )


@dataclass(frozen=True)
class _Relation:
    oid: int
    schema: str
    name: str
    kind: str
    is_temporary: bool
    has_row_security: bool
    is_partition: bool
    has_family: bool
    foreign_part: str | None
    definition: str | None
    rule: str | None


def resolve(session: Session, query: str, append_only: Iterable[tuple[str, str]] = ()) -> Resolved:
    """Resolve a SELECT. Raises Unmaintainable for what no plan could help."""
    session.execute(f"create temporary view {_PROBE} as {query.strip().rstrip(';')}")
    try:
        relations = _relations(session)
        probe = next(r for r in relations if r.is_temporary and r.name == _PROBE)
        columns = describe_relation(session, probe.oid)
        views = [r for r in relations if r.kind == "v" and r is not probe]
        bases = [r for r in relations if r.kind != "v"]
        _check_relations([*views, *bases])
        aggregates, sets = _functions(session, [r.rule for r in relations if r.rule])
        tables = _tables(session, bases, frozenset(append_only))
    finally:
        session.execute(f"drop view if exists pg_temp.{_PROBE}")
    return Resolved(
        probe.definition or "",
        {(r.schema, r.name): r.definition or "" for r in views},
        frozenset((r.schema, r.name) for r in views if r.rule is not None),
        tuple(columns),
        tables,
        aggregates,
        sets,
    )


def is_shown(session: Session, schema: str, name: str, query: str) -> bool:
    """Tell whether a plain view has the SELECT that PostgreSQL makes of the query."""
    session.execute(f"create temporary view {_PROBE} as {query.strip().rstrip(';')}")
    try:
        ((same,),) = session.execute(
            f"select penstock.engine_definition('pg_temp.{_PROBE}'::regclass)"
            f" = penstock.engine_definition({literal(qualified(schema, name))}::regclass)"
        )
    finally:
        session.execute(f"drop view if exists pg_temp.{_PROBE}")
    return bool(same)


def describe(session: Session, select: str) -> list[Column]:
    """Return the columns that a SELECT gives."""
    rows = session.execute(
        f"create temporary view {_PROBE} as {select};\n"
        f"select * from penstock.engine_columns('pg_temp.{_PROBE}'::regclass)"
    )
    session.execute(f"drop view if exists pg_temp.{_PROBE}")
    return [Column(*row) for row in rows]


def describe_relation(session: Session, oid: int) -> list[Column]:
    """Return the columns of a relation."""
    rows = session.execute(f"select * from penstock.engine_columns({int(oid)})")
    return [Column(*row) for row in rows]


def _relations(session: Session) -> list[_Relation]:
    """The probe, every view it reads, directly or not, and every other relation."""
    rows = session.execute(
        f"""
        with recursive reached (oid) as (
            select 'pg_temp.{_PROBE}'::regclass::oid
            union
            select d.refobjid
            from reached
            join pg_catalog.pg_rewrite as r on r.ev_class = reached.oid
            join pg_catalog.pg_depend as d
                on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
                and d.refclassid = 'pg_catalog.pg_class'::regclass and d.deptype = 'n'
        )
        select
            c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text,
            c.relpersistence = 't', c.relrowsecurity, c.relispartition,
            c.relkind <> 'p' and exists (
                select from pg_catalog.pg_inherits as i
                where i.inhrelid = c.oid or i.inhparent = c.oid
            ),
            (
                select p.relid::regclass::text
                from pg_catalog.pg_partition_tree(c.oid) as p
                join pg_catalog.pg_class as part on part.oid = p.relid and part.relkind = 'f'
                limit 1
            ),
            case when c.relkind = 'v' then coalesce(
                v.definition ->> 'reading', penstock.engine_definition(c.oid)
            ) end,
            case when c.relkind = 'v' and v.view_name is null then (
                select r.ev_action::text from pg_catalog.pg_rewrite as r
                where r.ev_class = c.oid and r.rulename = '_RETURN'
            ) end
        from reached
        join pg_catalog.pg_class as c on c.oid = reached.oid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        left join penstock.views as v
            on v.schema_name = n.nspname and v.view_name = c.relname
        """
    )
    return [_Relation(*row) for row in rows]


def _check_relations(relations: list[_Relation]) -> None:
    names = {
        "f": ("the foreign table", "copy it into a table with an incremental model"),
        "m": ("the native materialized view", "make it a maintained model, or a table"),
    }
    for found in relations:
        shown = f"{found.schema}.{found.name}"
        if found.schema in ("pg_catalog", "information_schema"):
            _refuse(
                f"the system catalogue ({shown}) cannot be maintained",
                shown,
                "copy what you need into a table",
            )
        if found.kind in names:
            what, hint = names[found.kind]
            _refuse(f"{what} {shown} cannot be maintained", shown, hint)
        if found.is_temporary:
            _refuse(
                f"the temporary relation {shown} cannot be maintained",
                shown,
                "read from a permanent table",
            )
        if found.has_row_security:
            _refuse(
                f"{shown} has row-level security, which a maintained view cannot honour",
                shown,
                "filter in the model, and grant SELECT on the view only",
            )
        if found.is_partition:
            _refuse(
                f"{shown} is a partition: rows written by way of its root pass it by",
                shown,
                "read from the partitioned table, and filter in the model",
            )
        if found.foreign_part is not None:
            _refuse(
                f"{shown} has a foreign table for a partition, and cannot be maintained",
                found.foreign_part,
                "copy it into a local partition",
            )
        if found.has_family:
            _refuse(
                f"{shown} inherits or is inherited from, and cannot be maintained",
                shown,
                "use declarative partitioning, or union all of plain tables",
            )


def _functions(session: Session, rules: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Check what the query calls; return the names of its aggregates and of its sets."""
    for rule in rules:
        _check_time(rule)
    oids = {
        oid
        for rule in rules
        for oid in re.findall(r":(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)", rule)
        if oid != "0"
    }
    if not oids:
        return frozenset(), frozenset()
    rows = session.execute(
        "select oid::bigint, proname::text, provolatile::text, prokind::text, proretset"
        f" from pg_catalog.pg_proc where oid in ({', '.join(sorted(oids))})"
    )
    # What the user wrote first: `now() - interval` is about now().
    for oid, name, volatility, _, _ in sorted(rows, key=lambda row: row[1] not in _CLOCK):
        if volatility == "v":
            _refuse(
                f"{name}() is volatile and cannot be maintained",
                f"{name}()",
                "compute it before the row is written, and store it",
            )
        if volatility == "s":
            _check_stable(str(oid), name, rules)
    aggregates = frozenset(name for _, name, _, kind, _ in rows if kind == "a")
    sets = frozenset(name for _, name, _, _, is_set in rows if is_set)
    for _, name, _, kind, is_set in rows:
        if (name in aggregates) != (kind == "a") or (name in sets) != is_set:
            _refuse(
                f"{name}() is the name of several functions of several kinds",
                f"{name}()",
                "call one of them by another name",
            )
    return aggregates, sets


def _check_time(rule: str) -> None:
    for number in _OTHER_VALUE.findall(rule):
        if (rewrite := _VALUES.get(int(number))) is not None:
            _refuse(
                f"{rewrite[0]} depends on the session's time zone and cannot be maintained",
                rewrite[0].lower(),
                f"write {rewrite[1]}",
            )
        _refuse(
            "the current time, date or user cannot be maintained",
            "current_timestamp, current_date, current_user …",
            "store it with the row, or filter when reading the view",
        )
    for call in _nodes(rule, r"\{COERCEVIAIO "):
        inside = _TYPE.findall(call)
        result = re.findall(r":resulttype (\d+) :resultcollid", call)
        if result and result[-1] in _DATE_TIME:
            _refuse(
                "a cast from text to a date or time depends on the session and may raise",
                "…::timestamptz",
                "use penstock.to_timestamptz(), which gives NULL instead",
            )
        if inside and inside[0] in _DATE_TIME:
            _refuse(
                "a cast from a date or time to text depends on the session's settings",
                "…::text",
                "keep the value, and format it when reading the view",
            )


# By their numbers in PostgreSQL's SQLValueFunctionOp: what they are called, what says the same.
_VALUES = {
    0: ("CURRENT_DATE", "(now() at time zone 'UTC')::date"),
    4: ("CURRENT_TIMESTAMP(n)", "now()"),
    7: ("LOCALTIMESTAMP", "(now() at time zone 'UTC')"),
    8: ("LOCALTIMESTAMP(n)", "(now() at time zone 'UTC')"),
}


def _calls(oid: str, rules: list[str]) -> list[str]:
    """Every call of a function, as the rules hold it."""
    start = rf"\{{(?:FUNCEXPR :funcid|AGGREF :aggfnoid|OPEXPR :opno \d+ :opfuncid) {oid} "
    return [call for rule in rules for call in _nodes(rule, start)]


def _check_stable(oid: str, name: str, rules: list[str]) -> None:
    if oid in _NOW or oid == _TRUNC_IN_ZONE:
        return
    if name in _CLOCK:
        _refuse(
            f"{name}() cannot be maintained",
            f"{name}()",
            "compare with now() instead",
        )
    calls = _calls(oid, rules)
    if name in _SETTLED and not any(
        kind in _DATE_TIME for call in calls for kind in _TYPE.findall(call)
    ):
        return
    if name in _RECORDS and not any(
        kind in _DATE_TIME
        for rule in rules
        for listed in _COLUMN_TYPES.findall(rule)
        for kind in listed.split()
    ):
        return
    if name == "generate_series" and all(_FIXED_INTERVAL.search(call) for call in calls):
        return
    if name in _SHIFTS:
        compared = [node for rule in rules for node in _nodes(rule, _INSTANTS)]
        if all(_is_settled_shift(call, compared) for call in calls):
            return
        _refuse(
            "a day added to a timestamptz depends on the session's time zone and cannot be"
            " maintained",
            f"{name}()",
            "add hours, or add to (column at time zone 'UTC')",
        )
    if "timestamptz" in name and re.search(r"_(?:lt|le|eq|ne|ge|gt)_", name):
        _refuse(
            f"{name}() depends on the session's settings and cannot be maintained",
            f"{name}()",
            "compare like with like: (now() at time zone 'UTC'), or (… at time zone 'UTC')::date",
        )
    _refuse(
        f"{name}() depends on the session's settings and cannot be maintained",
        f"{name}()",
        "use an immutable form, such as (column at time zone 'UTC')::date",
    )


def _is_settled_shift(call: str, compared: list[str]) -> bool:
    """Whether timestamptz plus or minus interval is the same in every session.

    compared: comparisons of timestamptz. There, with now(), temporal.py counts days as UTC does.
    """
    if _FIXED_INTERVAL.search(call):
        return True
    if _NOW_CALL.search(call) and "{VAR " not in call:
        return True
    return _DAYS_INTERVAL.search(call) is not None and any(
        call in node and _NOW_CALL.search(node) for node in compared
    )


def _nodes(rule: str, start: str) -> Iterable[str]:
    """Every node of a rule's tree that begins with the pattern, with all that is inside it."""
    for found in re.finditer(start, rule):
        depth = 0
        for index in range(found.start(), len(rule)):
            if rule[index] == "{":
                depth += 1
            elif rule[index] == "}":
                depth -= 1
                if depth == 0:
                    yield rule[found.start() : index + 1]
                    break


def _tables(
    session: Session, relations: list[_Relation], append_only: frozenset[tuple[str, str]]
) -> dict[tuple[str, str], Table]:
    """Read columns, keys, indexes and levels of base and state tables."""
    if not relations:
        return {}
    listed = ", ".join(str(r.oid) for r in relations)
    columns: dict[int, list[Column]] = {}
    for oid, *rest in session.execute(
        f"select r::bigint, c.* from unnest(array[{listed}]::oid[]) as r,"
        " lateral penstock.engine_columns(r) as c"
    ):
        columns.setdefault(oid, []).append(Column(*rest))
    indexes: dict[int, list[tuple[bool, tuple[str, ...]]]] = {}
    for oid, is_key, names in session.execute(
        f"""
        select i.indrelid::bigint,
            i.indisunique and i.indpred is null and i.indimmediate and i.indisvalid,
            array(
                select a.attname::text
                from unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
                join pg_catalog.pg_attribute as a
                    on a.attrelid = i.indrelid and a.attnum = k.attnum
                where k.position <= i.indnkeyatts
                order by k.position
            )
        from pg_catalog.pg_index as i
        where i.indrelid in ({listed}) and i.indexprs is null and i.indisvalid
            and i.indpred is null
        order by i.indisprimary desc, i.indexrelid
        """
    ):
        indexes.setdefault(oid, []).append((bool(is_key), tuple(names)))
    levels = dict(
        session.execute(
            "select stage ->> 'table', (stage ->> 'level')::int from penstock.views,"
            " jsonb_array_elements(definition -> 'stages') as stage"
        )
    )
    sources = _growing(session, append_only)
    found = {}
    for relation in relations:
        mine = columns.get(relation.oid, [])
        not_null = {column.name for column in mine if column.not_null}
        known = indexes.get(relation.oid, [])
        key = next((names for is_key, names in known if is_key and set(names) <= not_null), ())
        state = relation.schema == STATE
        found[relation.schema, relation.name] = Table(
            relation.schema,
            relation.name,
            tuple(mine),
            key,
            relation.oid,
            levels.get(relation.name, 0) if state else 0,
            (relation.schema, relation.name) in sources,
            tuple(names for _, names in known),
        )
    return found


def _growing(
    session: Session, append_only: frozenset[tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    """Tables that are said never to change or lose a row: what is read of a view is its state."""
    landing = session.execute("select landing_schema, landing_table from penstock.subscriptions")
    if not append_only:
        return frozenset(landing)
    names = ", ".join(f"({literal(schema)}, {literal(name)})" for schema, name in append_only)
    states = session.execute(
        "select state_table from penstock.views"
        f" where (schema_name::text, view_name::text) in ({names})"
    )
    return frozenset(landing) | append_only | {(STATE, name) for (name,) in states}


def _refuse(primary: str, shown: str, hint: str) -> NoReturn:
    raise Unmaintainable(primary, shown, hint)
