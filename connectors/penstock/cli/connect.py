"""`penstock connect`."""

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import click
from rich.console import Console
from rich.logging import RichHandler
from rich.status import Status

from penstock import ticking
from penstock.settings import Settings
from penstock.sources.batch import Limits
from penstock.sources.loop import run
from penstock.sources.settings import ConnectorSettings
from penstock.sources.stats import Stats

DEFAULTS = Limits()
# Without a terminal the progress goes to a log, which wants fewer lines.
LOG_EVERY_SECONDS = 10.0
# What a stop leaves the tick under way; the server ends it with the connection.
TICK_GRACE_SECONDS = 2.0


def pairs(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    """Read `name=value` options."""
    for pair in given:
        if "=" not in pair:
            raise click.BadParameter(f"{pair!r} is not name=value")
    return dict(pair.split("=", 1) for pair in given)


@click.command("connect")
@click.option(
    "--batch-rows",
    type=click.IntRange(min=1),
    default=DEFAULTS.rows,
    show_default=True,
    help="Commit at the latest when this many messages are read.",
)
@click.option(
    "--batch-ms",
    type=click.IntRange(min=0),
    default=round(DEFAULTS.seconds * 1000),
    show_default=True,
    help="Commit at the latest this long after a batch's first message.",
)
@click.option(
    "--group",
    default="penstock",
    show_default=True,
    help="Kafka's consumer group; connectors of one group share the partitions.",
)
@click.option(
    "--kafka-option",
    "kafka_options",
    multiple=True,
    metavar="NAME=VALUE",
    callback=pairs,
    help="An option of librdkafka, such as security.protocol=ssl; may be repeated.",
)
@click.option(
    "--tick/--no-tick",
    default=True,
    show_default=True,
    help="Move the clocks of views that compare rows with now(), as `penstock tick` does.",
)
@click.option("--quiet", is_flag=True, help="Say nothing but warnings.")
def command(  # noqa: PLR0913 - an option each
    *,
    batch_rows: int,
    batch_ms: int,
    group: str,
    kafka_options: dict[str, str],
    tick: bool,
    quiet: bool,
) -> None:
    r"""Read the subscribed Kafka topics into the database until stopped.

    A topic is subscribed when `dbt run` has made its source model; a model
    added later is picked up without a restart. Rows and offsets commit in one
    transaction, so that a crash at any moment loses and doubles nothing. A
    database or a broker that is away is waited for.

    Ctrl-C or SIGTERM finishes the batch and stops. Run several with one
    --group to share a topic's partitions.

    \b
      penstock connect
      penstock connect --batch-rows 50000 --batch-ms 500     throughput first
      penstock connect --kafka-option security.protocol=ssl
    """
    settings = Settings()
    connector = ConnectorSettings(
        database_url=settings.require_connector_url(),
        kafka_bootstrap=settings.require_kafka_bootstrap(),
        group=group,
        limits=Limits(rows=batch_rows, bytes=DEFAULTS.bytes, seconds=batch_ms / 1000),
        kafka_options={**kafka_options},
    )
    console = Console(stderr=True)
    log_to(console, logging.WARNING if quiet else logging.INFO)
    stop = stop_on_signals()
    teller = Teller()
    with ticker(connector.database_url, stop, on=tick):
        if quiet:
            run(connector, stop)
            return
        if console.is_terminal:
            with console.status("reading") as line:
                run(connector, stop, teller.rewriting(line))
        else:
            run(connector, stop, teller.logging())
    click.echo(f"stopped: {told(teller.last)}", err=True)


@contextmanager
def ticker(url: str, stop: Event, *, on: bool) -> Iterator[None]:
    """Move clocks in a thread, with a connection of its own: a tick may wait for a writer."""
    thread = Thread(target=ticking.run, args=(url, stop), name="tick", daemon=True)
    if on:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if on:
            thread.join(TICK_GRACE_SECONDS)


def log_to(console: Console, level: int) -> None:
    """Log above a terminal's progress line; without a terminal, one plain line a message."""
    if console.is_terminal:
        handler = RichHandler(console=console, show_path=False, log_time_format="%H:%M:%S")
        logging.basicConfig(level=level, format="%(message)s", handlers=[handler])
    else:
        logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(message)s")


def stop_on_signals() -> Event:
    """Return an event that the first SIGINT or SIGTERM sets; a second one ends the process."""
    stop = Event()

    def asked(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
    return stop


class Teller:
    """Tells a user how reading goes, and keeps what the connector said last."""

    def __init__(self) -> None:
        self.last = Stats()

    def rewriting(self, line: Status) -> Callable[[Stats], None]:
        """Return a listener that rewrites the terminal's last line."""

        def listen(stats: Stats) -> None:
            self.last = stats
            line.update(told(stats))

        return listen

    def logging(self) -> Callable[[Stats], None]:
        """Return a listener that logs from time to time, while messages come."""
        log = logging.getLogger("penstock.connect")
        logged_at = time.monotonic()
        logged = 0

        def listen(stats: Stats) -> None:
            nonlocal logged_at, logged
            self.last = stats
            now = time.monotonic()
            if now - logged_at >= LOG_EVERY_SECONDS and stats.messages != logged:
                logged_at, logged = now, stats.messages
                log.info(told(stats))

        return listen


def told(stats: Stats) -> str:
    """Say in one line how reading goes."""
    if stats.waiting_for:
        return f"{stats.messages:,} messages in; waiting for {stats.waiting_for}"
    parts = [f"{stats.messages:,} messages in", f"{stats.rate:,.0f}/s", f"lag {stats.lag:,}"]
    if stats.freshness_seconds is not None:
        parts.append(f"freshness {stats.freshness_seconds * 1000:,.0f} ms")
    if stats.dead_letters:
        parts.append(f"{stats.dead_letters:,} dead letters")
    return " · ".join(parts)
