"""`penstock explain`."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

import click

from penstock.cli.selection import selected_views
from penstock.cli.status import size
from penstock.control import connect, ensure_control_plane
from penstock.errors import PenstockError
from penstock.settings import Settings
from penstock_ivm import Explained, PsycopgSession, View, explain, explain_plan, plan_view
from penstock_ivm.explaining import Index, Operator


@click.command("explain")
@click.argument("model", required=False, metavar="[MODEL]")
@click.option(
    "--file",
    "file",
    type=click.File(),
    help="A SELECT that is not deployed; - reads it from standard input.",
)
@click.option("--schema", default="public", show_default=True, help="Of the view in --file.")
@click.option("--sql", "with_sql", is_flag=True, help="Print the SQL that was emitted for it, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
def command(
    *, model: str | None, file: IO[str] | None, schema: str, with_sql: bool, as_json: bool
) -> None:
    r"""Show how a view is maintained: its operators, their state, indexes and cost.

    The view's own operator stands first, what it reads below it. "delta" reads
    the changed rows and what they meet; "affected keys" computes the groups or
    partitions of the changed rows again, and no others. Cost is per changed row.

    \b
      penstock explain profiles               as it is deployed, with sizes
      penstock explain public.profiles --sql  and its trigger functions
      penstock explain --file orders.sql      before it is deployed
      echo 'select g, count(*) from t group by g' | penstock explain --file -

    A model of dbt has its SELECT, without Jinja, in target/compiled after
    `dbt compile`. What cannot be maintained is refused here as by `dbt run`.
    """
    if (model is None) == (file is None):
        raise click.UsageError("name a MODEL, or give a SELECT with --file")
    url = Settings().require_database_url()
    ensure_control_plane(url)
    with connect(url) as connection:
        session = PsycopgSession(connection)
        if file is not None:
            view = read_view(file, schema)
            _, plan = plan_view(session, view)
            found = explain_plan(view, plan)
        else:
            [(schema, name)] = selected_views(connection, (str(model),))
            found = explain(session, schema, name)
        connection.rollback()
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
        return
    for line in lines(found):
        click.echo(line)
    if with_sql:
        for line in sql_lines(found):
            click.echo(line)


def read_view(file: IO[str], schema: str) -> View:
    """Read a SELECT as the view that the file's name says."""
    query = file.read()
    name = getattr(file, "name", "-")
    stem = "query" if name in ("-", "<stdin>") else Path(name).stem
    if "{{" in query or "{%" in query:
        raise PenstockError(
            f"{name} is a template and no SELECT yet",
            hint="run `dbt compile`, and explain what is in target/compiled",
        )
    return View(schema, stem, query, path="" if stem == "query" else name)


def lines(found: Explained) -> Iterator[str]:
    """Lay out what a view is maintained by, for a terminal."""
    at = f"deployed {found.deployed_at[:16]}" if found.deployed_at else "not deployed"
    yield f"{found.name}   {at}{f'   {found.path}' if found.path else ''}"
    if found.clock:
        yield f"clock: {found.clock}"
    operators = {operator.table: operator for operator in found.operators}
    yield from _branch(found, operators, found.operators[-1], "", shown=set())
    if found.input_indexes:
        yield ""
        yield f"indexes on the inputs, {'made' if found.deployed_at else 'to be made'} for it:"
        for index in found.input_indexes:
            yield f"  {index.table}  {_terms(index)}  {index.name}"


def _branch(
    found: Explained,
    operators: dict[str, Operator],
    operator: Operator,
    indent: str,
    *,
    shown: set[str],
) -> Iterator[str]:
    shown.add(operator.table)
    yield f"{indent}{operator.operator}  {operator.table}{_sizes(operator)}"
    told = [("method", operator.method), ("keeps", operator.state)]
    if operator.key:
        told.append(("key", ", ".join(operator.key)))
    told.append(("cost", operator.cost))
    told += [("index", f"{_terms(index)}  {index.name}") for index in operator.indexes]
    for label, text in told:
        yield f"{indent}  {label:<8}{text}"
    for how, what in operator.reads:
        reading = f"{indent}  reads   {what}{f'  ({how})' if how else ''}"
        if what in operators and what in shown:
            yield f"{reading}, above"
        elif what in operators:
            yield reading
            yield from _branch(found, operators, operators[what], indent + "    ", shown=shown)
        else:
            owner = found.upstream.get(what)
            yield f"{reading}{f', the rows of {owner}' if owner else ''}"


def _sizes(operator: Operator) -> str:
    if operator.table_bytes is None or operator.index_bytes is None:
        return ""
    rows = "not analysed" if operator.rows is None else f"about {operator.rows:,} rows"
    return f"   {rows}, {size(operator.table_bytes)} + indexes {size(operator.index_bytes)}"


def _terms(index: Index) -> str:
    """What an index is built on: what stands after its method."""
    with suppress(ValueError):
        unique = "unique " if index.definition.lower().startswith("create unique") else ""
        _, _, rest = index.definition.partition(" on " if " on " in index.definition else " ON ")
        return unique + rest[rest.index("(") :]
    return index.definition


def sql_lines(found: Explained) -> Iterator[str]:
    """Write the SQL that maintains a view, operator by operator, inputs first."""
    for operator in found.operators:
        yield f"\n-- {operator.operator} {operator.table}"
        for index in operator.indexes:
            yield f"{index.definition};"
        for text in operator.sql:
            yield text.rstrip() + ("" if text.rstrip().endswith(";") else ";")
    for index in found.input_indexes:
        yield f"{index.definition};"
    yield f"\n{found.view_sql}"
