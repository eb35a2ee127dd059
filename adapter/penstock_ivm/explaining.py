"""What a view is maintained by: its operators as a tree, what they keep, and the SQL they emit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from penstock_ivm import catalog
from penstock_ivm.block import Branch, Leaf
from penstock_ivm.emit import build_sql, clock_sql, index_sql, trigger_sql, view_sql
from penstock_ivm.errors import Unmaintainable
from penstock_ivm.expressions import aliases, equality, render
from penstock_ivm.model import View
from penstock_ivm.operators.stage import Stage
from penstock_ivm.plan import Plan
from penstock_ivm.relation import STATE
from penstock_ivm.session import Session, ident, literal, literal_list, qualified


@dataclass(frozen=True)
class Index:
    """An index that maintenance looks rows up by. owned: made by Penstock."""

    table: str
    name: str
    definition: str
    owned: bool


@dataclass(frozen=True)
class Operator:
    """One operator of a plan and its state table.

    reads: how each input is read ('inner', 'left' …), by name. rows (an estimate) and bytes:
    None where the view is not deployed.
    """

    operator: str
    table: str
    method: str
    state: str
    cost: str
    key: tuple[str, ...]
    reads: tuple[tuple[str, str], ...]
    indexes: tuple[Index, ...] = ()
    rows: int | None = None
    table_bytes: int | None = None
    index_bytes: int | None = None
    sql: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explained:
    """A view, deployed or not. operators: inputs first, the view's own rows last."""

    name: str
    path: str
    deployed_at: str | None
    clock: str | None
    operators: tuple[Operator, ...]
    input_indexes: tuple[Index, ...]
    view_sql: str
    upstream: dict[str, str] = field(default_factory=dict)
    """State tables of other views that it reads -> those views."""


def described(stage: Stage) -> dict[str, Any]:
    """What the catalogue keeps of an operator."""
    upkeep = stage.upkeep
    cost = upkeep.cost
    if any(_is_free(branch) for branch in stage.block.branches):
        cost += "; the whole of what is joined without equality"
    return {
        "operator": type(stage).__name__,
        "method": str(upkeep.method),
        "state": upkeep.state,
        "cost": cost,
        "reads": [
            [_read_as(leaf), f"{leaf.table.schema}.{leaf.table.name}"]
            for branch in stage.block.branches
            for leaf in branch.leaves
        ],
    }


def _is_free(branch: Branch) -> bool:
    """Whether a leaf is joined by no equality, so that a change looks through the whole of it."""
    if len(branch.leaves) == 1:
        return False
    tied: set[str] = set()
    for condition in branch.where:
        both = equality(condition)
        sides = [aliases(side) for side in both] if both else []
        if sides and sides[0] != sides[1]:
            tied |= sides[0] | sides[1]
    for leaf in branch.leaves:
        if leaf.keys:
            tied |= {leaf.alias} | {a for outer, _ in leaf.keys for a in aliases(outer)}
    return any(leaf.alias not in tied for leaf in branch.leaves)


def _read_as(leaf: Leaf) -> str:
    on = [f"{render(outer)} = {render(inner)}" for outer, inner in leaf.keys]
    on += [render(node) for node in (*leaf.residual, *leaf.filter)]
    kind = {"inner": "", "left": "left join", "semi": "exists", "anti": "not exists"}[leaf.kind]
    return f"{kind} on {' and '.join(on)}" if on and kind else kind


def explain(session: Session, schema: str, name: str) -> Explained:
    """Describe a deployed view, from the catalogue and the database's own."""
    entry = catalog.entries(session).get((schema, name))
    if entry is None:
        raise Unmaintainable(
            f"{schema}.{name} is not a maintained view",
            None,
            "name one that `penstock status` shows, or give its SELECT with --file",
        )
    definition = entry.definition
    indexes = _indexes(session, [(STATE, t) for t in entry.tables])
    sizes = _sizes(session, entry.tables)
    functions = _functions(session, definition["functions"])
    operators = []
    for stage in definition["stages"]:
        table = stage["table"]
        rows, table_bytes, index_bytes = sizes.get(table, (None, None, None))
        operators.append(
            Operator(
                stage.get("operator", "?"),
                f"{STATE}.{table}",
                stage.get("method", stage["rule"]),
                stage.get("state", ""),
                stage.get("cost", ""),
                tuple(stage["key"]),
                tuple((how, what) for how, what in stage.get("reads", [])),
                tuple(i for i in indexes if i.table == f"{STATE}.{table}"),
                rows,
                table_bytes,
                index_bytes,
                tuple(functions[name] for name in stage.get("functions", ()) if name in functions),
            )
        )
    reading = {
        f"{STATE}.{table}": f"{other.view.schema}.{other.view.name}"
        for other in catalog.entries(session).values()
        for table in other.tables
        if table in definition["state_inputs"]
    }
    ((deployed_at, text),) = session.execute(
        "select deployed_at::text, penstock.engine_definition("
        f"to_regclass({literal(qualified(schema, name))})) from penstock.views"
        f" where schema_name = {literal(schema)} and view_name = {literal(name)}"
    )
    bases = [(s, t) for s, t in definition["direct_bases"]]
    owned = {index.rpartition('."')[2].rstrip('"') for index in definition["input_indexes"]}
    clock = definition.get("clock")
    return Explained(
        f"{schema}.{name}",
        entry.view.path,
        str(deployed_at),
        clock and f"{clock['table']}, every {clock['every']}",
        tuple(operators),
        tuple(i for i in _indexes(session, bases) if i.name in owned),
        f"create view {qualified(schema, name)} as\n{text};",
        reading,
    )


def explain_plan(view: View, plan: Plan) -> Explained:
    """Describe a view that is planned and not deployed."""
    made = index_sql(plan.stages)
    state: list[Index] = []
    inputs: list[Index] = []
    for index, text in made.items():
        schema, _, name = index.partition(".")
        table = text.split(" on ", 1)[1].split(" (", 1)[0].replace('"', "")
        found = Index(table, name.strip('"'), text, owned=True)
        (state if schema == ident(STATE) else inputs).append(found)
    operators = []
    for stage in plan.stages:
        table = f"{STATE}.{stage.table.name}"
        told = described(stage)
        functions, _ = trigger_sql(stage, view, {s.table.sql for s in plan.stages})
        operators.append(
            Operator(
                told["operator"],
                table,
                told["method"],
                told["state"],
                told["cost"],
                stage.table.key,
                tuple((how, what) for how, what in told["reads"]),
                tuple(i for i in state if i.table == table),
                sql=(build_sql(stage), functions),
            )
        )
    shown = f"create view {qualified(view.schema, view.name)} as\n{view_sql(plan)};"
    if plan.clock is not None:
        shown = f"{clock_sql(plan.clock, view)}\n{shown}"
    clock = None if plan.clock is None else f"{plan.clock.name}, every {view.tick}"
    return Explained(
        f"{view.schema}.{view.name}", view.path, None, clock, tuple(operators), tuple(inputs), shown
    )


def _indexes(session: Session, tables: list[tuple[str, str]]) -> list[Index]:
    if not tables:
        return []
    listed = ", ".join(f"({literal(s)}, {literal(t)})" for s, t in tables)
    rows = session.execute(
        "select schemaname::text, tablename::text, indexname::text, indexdef from pg_indexes"
        f" where (schemaname, tablename) in ({listed}) order by 1, 2, 3"
    )
    return [Index(f"{s}.{t}", name, text, s == STATE) for s, t, name, text in rows]


def _sizes(session: Session, tables: list[str]) -> dict[str, tuple[int | None, int, int]]:
    rows = session.execute(
        "select relname::text, nullif(reltuples, -1)::bigint, pg_table_size(oid),"
        " pg_indexes_size(oid) from pg_catalog.pg_class"
        f" where relnamespace = {literal(STATE)}::regnamespace"
        f" and relname in ({literal_list(tables)})"
    )
    return {name: (count, table, index) for name, count, table, index in rows}


def _functions(session: Session, names: list[str]) -> dict[str, str]:
    """The trigger functions as they stand in the database, by name."""
    rows = session.execute(
        "select p.proname::text, pg_get_functiondef(p.oid) from pg_catalog.pg_proc as p"
        f" where p.pronamespace = {literal(STATE)}::regnamespace"
        f" and p.proname in ({literal_list(name.split('.', 1)[1] for name in names) or 'null'})"
        " order by 1"
    )
    return {f"{STATE}.{name}": text for name, text in rows}
