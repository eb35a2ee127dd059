"""The command `penstock`: one file a command, imported when it is called."""

import sys
import traceback
from importlib import import_module
from pathlib import Path

import click
import psycopg

from penstock.errors import PenstockError
from penstock.settings import Settings

# In the order of a user's day; `penstock --help` keeps it.
COMMANDS = {
    "demo": "Stream a dirty sample through Kafka and watch the profiles appear.",
    "up": "Start PostgreSQL and Kafka, or attach to them, and keep them running.",
    "connect": "Read the subscribed Kafka topics into the database until stopped.",
    "tick": "Move the clocks of views that compare rows with now().",
    "status": "Show sources, offsets, lag, freshness, dead letters and view sizes.",
    "profile": "Show where the time of a running connector goes, by phase, model, trigger.",
    "explain": "Show how a view is maintained: operators, state, indexes, cost, SQL.",
    "verify": "Compare maintained views with their own SELECT.",
    "repair": "Compute maintained views anew from their SELECT.",
    "down": "Stop the services that `penstock up` started; data stays.",
}


class Commands(click.Group):
    """A group that knows its commands' names, and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order of a user's day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import `penstock.cli.<name>` and return its `command`."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"penstock.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="penstock")
def cli() -> None:
    r"""Turn a stream of customer events into profiles kept right in PostgreSQL.

    \b
    The first minutes:
      penstock demo        everything once, on a bundled sample
      penstock up          PostgreSQL and Kafka, kept running
      dbt run              the models become maintained views
      penstock connect     events flow from Kafka into them
      penstock status      how far, how fresh, what was refused

    A database or a broker you already have is used when PENSTOCK_DATABASE_URL
    or PENSTOCK_KAFKA_BOOTSTRAP names it.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 failed, 2 used wrongly, 130 interrupted.

    Every failure is told in lines `error:`, `detail:`, `hint:`; a traceback goes to a file.
    """
    try:
        cli.main(args=arguments, prog_name="penstock", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # `penstock status | head`: nobody reads on
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last place before the user
        show(error)
        sys.exit(1)


def show(error: Exception) -> None:
    """Write an error in its three parts to standard error."""
    told = described(error)
    click.echo(f"error: {told.primary}", err=True)
    if told.detail:
        indented = told.detail.replace("\n", "\n        ")
        click.echo(f"detail: {indented}", err=True)
    if told.hint:
        click.echo(f"hint: {told.hint}", err=True)


def described(error: Exception) -> PenstockError:
    """Give any error three parts: ours and the compiler's have them, the database's do, too."""
    primary = getattr(error, "primary", None)
    if isinstance(primary, str):
        parts = (getattr(error, "detail", None), getattr(error, "hint", None))
        return PenstockError(primary, *parts)
    if isinstance(error, psycopg.Error):
        said = error.diag
        first = (said.message_primary or str(error).strip() or type(error).__name__).splitlines()[0]
        return PenstockError(f"the database said: {first}", said.message_detail, said.message_hint)
    place = keep_traceback(error)
    return PenstockError(
        f"unexpected {type(error).__name__}: {error}",
        hint=f"this is a defect of Penstock; please report it with {place}" if place else None,
    )


def keep_traceback(error: Exception) -> Path | None:
    """Write the traceback to the project's folder, for whoever reports the defect."""
    place = Settings().state_dir / "run" / "traceback.log"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("".join(traceback.format_exception(error)))
    except OSError:
        return None
    return place
