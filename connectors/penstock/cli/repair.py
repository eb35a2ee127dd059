"""`penstock repair`."""

import click

from penstock.cli.selection import selected_views
from penstock.control import connect, ensure_control_plane
from penstock.settings import Settings
from penstock_ivm import repair
from penstock_ivm.session import PsycopgSession


@click.command("repair")
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
def command(models: tuple[str, ...]) -> None:
    r"""Compute maintained views anew from their SELECT.

    For a view that `penstock verify` found wrong. Writers of its inputs wait
    until it is done; readers see the old rows until then.

    \b
      penstock repair profiles
    """
    url = Settings().require_database_url()
    ensure_control_plane(url)
    with connect(url) as connection:
        for schema, name in selected_views(connection, models):
            with connection.transaction():
                repair(PsycopgSession(connection), schema, name)
            click.echo(f"{schema}.{name}: computed anew")
