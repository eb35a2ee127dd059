"""`penstock verify`."""

import sys

import click
import psycopg

from penstock.cli.selection import selected_views
from penstock.control import connect, ensure_control_plane
from penstock.settings import Settings
from penstock_ivm import verify
from penstock_ivm.session import PsycopgSession

SHOWN = 10


@click.command("verify")
@click.argument("models", nargs=-1, metavar="[MODEL]...")
def command(models: tuple[str, ...]) -> None:
    r"""Compare maintained views with their own SELECT, in one snapshot.

    Without MODEL, all views. Rows are compared as text, in both directions,
    duplicates counted. Writers are not held up, but each SELECT runs in full:
    expect it to take as long as the view's first build.

    \b
      penstock verify
      penstock verify profiles public.events

    Exits with 1 when a view is wrong or suspended; `penstock repair MODEL` mends it. A
    wrong view is a defect of Penstock: please report it.
    """
    url = Settings().require_database_url()
    ensure_control_plane(url)
    wrong = 0
    with connect(url) as connection:
        views = selected_views(connection, models)
        session = PsycopgSession(connection)
        for schema, name in views:
            stopped = suspension(connection, schema, name)
            differences = verify(session, schema, name)
            wrong += bool(differences or stopped)
            click.echo(f"{schema}.{name}: {stopped}{told(len(differences))}")
            for difference in differences[:SHOWN]:
                click.echo(f"  {difference.side} {difference.times} times: {difference.row}")
            connection.rollback()
    if not views:
        click.echo("no maintained views yet: `dbt run` makes them")
    sys.exit(1 if wrong else 0)


def told(differences: int) -> str:
    """Say what a comparison found."""
    if not differences:
        return "equal to its SELECT"
    return f"{differences} rows differ from its SELECT, the first of them:"


def suspension(connection: psycopg.Connection, schema: str, name: str) -> str:
    """Say that a view stopped, before what a comparison finds."""
    row = connection.execute(
        "select to_char(suspended_at, 'YYYY-MM-DD HH24:MI'), message from penstock.suspensions"
        " where schema_name = %s and view_name = %s",
        (schema, name),
    ).fetchone()
    return "" if row is None else f"suspended since {row[0]} ({row[1]}); "
