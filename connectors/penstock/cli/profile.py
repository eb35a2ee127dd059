"""`penstock profile`."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from penstock.cli.status import size
from penstock.control import connect, ensure_control_plane
from penstock.errors import PenstockError
from penstock.profiling import WHAT, Profile, profile
from penstock.settings import Settings


@click.command("profile")
@click.option(
    "--seconds",
    type=click.FloatRange(min=1, max=600),
    default=10,
    show_default=True,
    help="How long to watch; a connector notices within a second.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
def command(*, seconds: float, as_json: bool) -> None:
    r"""Show where the time of a running connector goes.

    Watches `penstock connect`, whether it was started before or after, and
    prints three tables: the phases of its batches, the models, and each
    trigger function with its self time, which leaves out the functions that
    its own statements fired. Shares are of the time of the thread that
    commits, waiting included, and add up to 1; reading and decoding go on
    beside it.

    Timing is off before and after, also after Ctrl-C or kill -9. While it is
    on it costs about 50 µs a call of a trigger function. Another writer is
    timed, too, once its session says `set penstock.timing = on`.

    \b
      penstock profile                      ten seconds
      penstock profile --seconds 60 --json > profile.json
    """
    url = Settings().require_database_url()
    ensure_control_plane(url)
    with closing(connect(url)) as connection, bar(seconds) as on_progress:
        connection.autocommit = True
        found = profile(connection, seconds, on_progress)
    if found.is_empty:
        raise PenstockError(
            f"nothing was committed in {seconds:g} s that could be timed",
            hint="does `penstock connect` run, and do messages come? Another writer is timed after"
            " `set penstock.timing = on`; views built by an older Penstock after `dbt run`",
        )
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
        return
    console = Console(width=None if Console().is_terminal else 120)
    console.print(headline(found), soft_wrap=True, highlight=False)
    for table in (phases_table(found), models_table(found), functions_table(found)):
        console.print()
        console.print(table)


@contextmanager
def bar(seconds: float) -> Iterator[Callable[[float], None]]:
    """Show how far the watch is, on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("watching"), BarColumn(), TextColumn("{task.completed:.0f} s"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as p:
        task = p.add_task("watching", total=seconds)
        yield lambda passed: p.update(task, completed=passed)


def headline(found: Profile) -> str:
    """Say in a line or two what was seen."""
    lines = [
        f"{found.seconds:g} s, {found.events:,} events in {_count(found.batches, 'batch', 'es')}"
        f" of {_count(found.connectors, 'connector', 's')}: {found.events_per_second:,.0f} events/s"
    ]
    if found.bytes_an_event is not None:
        lines.append(f"landed {size(found.bytes_an_event)} an event")
    wal = f"WAL of the whole server {size(found.wal_bytes)}"
    if found.wal_an_event is not None:
        wal += f", {size(found.wal_an_event)} an event"
    return "; ".join([*lines, wal])


def phases_table(found: Profile) -> Table:
    """Lay out the phases, in the order of a batch."""
    table = _table("PHASE", "MS", "µs AN EVENT", "SHARE")
    table.add_column("IS")
    for one in found.phases:
        table.add_row(*_row(one.name, one.microseconds, one.an_event, one.share), WHAT[one.name])
    return table


def models_table(found: Profile) -> Table:
    """Lay out the models, the dearest first."""
    table = _table("MODEL", "CALLS", "SELF MS", "µs AN EVENT", "SHARE")
    for one in found.models:
        name, *figures = _row(one.name, one.microseconds, one.an_event, one.share)
        table.add_row(name, f"{one.calls:,}", *figures)
    return table


def functions_table(found: Profile) -> Table:
    """Lay out the trigger functions, the dearest first."""
    table = _table("TRIGGER FUNCTION", "CALLS", "TOTAL MS", "SELF MS", "µs AN EVENT", "SHARE")
    for one in found.functions:
        name, *figures = _row(one.name, one.self_microseconds, one.an_event, one.share)
        table.add_row(name, f"{one.calls:,}", _ms(one.total_microseconds), *figures)
    return table


def _count(number: int, what: str, several: str) -> str:
    return f"{number:,} {what}{several if number != 1 else ''}"


def _table(first: str, *figures: str) -> Table:
    table = Table(first, box=None, pad_edge=False)
    for heading in figures:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _row(name: str, took: int, an_event: float | None, share: float) -> tuple[str, str, str, str]:
    return name, _ms(took), "-" if an_event is None else f"{an_event:.2f}", f"{share:.1%}"


def _ms(microseconds: int) -> str:
    return f"{microseconds / 1000:,.1f}"
