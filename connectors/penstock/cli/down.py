"""`penstock down`."""

import click

from penstock.services.project import stop_services
from penstock.settings import Settings


@click.command("down")
def command() -> None:
    """Stop the services that `penstock up` started; data stays.

    A database or a broker of your own is left alone. The next `penstock up`
    finds the data and, where they are still free, the same ports again. To
    begin anew, delete .penstock/ after this command.
    """
    stopped = stop_services(Settings())
    click.echo(f"stopped {' and '.join(stopped)}" if stopped else "nothing was running")
