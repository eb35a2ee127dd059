"""`penstock status`."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from penstock.control import connect, ensure_control_plane
from penstock.errors import PenstockError
from penstock.settings import Settings
from penstock.status import MaintainedView, Source, Status, read_status

NO_SOURCES = "no sources yet: `dbt run` makes them"
NO_VIEWS = "no views yet: `dbt run` makes them"


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
def command(*, as_json: bool) -> None:
    """Show sources, offsets, lag, freshness, dead letters and view sizes.

    LAG is how many messages of the topic are not in the database yet.
    FRESHNESS is what the last message took from being produced to being
    visible; while there is lag, it is how old the newest visible message is.
    DEAD LETTERS are messages that nothing could be read from; look at them
    with `select * from penstock.dead_letters`.
    CLOCK LAG is how long ago a temporal view's clock ticked last; `penstock
    connect` and `penstock tick` move it.
    STATE is what a view keeps, tables and indexes. A suspended view could not
    take a change (on_error: suspend) and shows what it was before it; a stale
    one reads a suspended one.

    Needs the database; when the broker does not answer, lag is left out.
    """
    settings = Settings()
    url = settings.require_database_url()
    ensure_control_plane(url)
    with connect(url) as connection:
        status = read_status(connection, bootstrap(settings))
    if as_json:
        click.echo(json.dumps(as_data(status), default=str, indent=2))
        return
    console = Console(width=None if Console().is_terminal else 120)
    console.print(f"PostgreSQL {status.server_version}, database {size(status.database_bytes)}")
    console.print(f"Kafka {status.kafka_error or status.kafka_bootstrap}")
    console.print(sources_table(status) if status.sources else NO_SOURCES)
    console.print(views_table(status) if status.views else NO_VIEWS)
    for trouble in troubles(status):
        console.print(trouble, soft_wrap=True, markup=False, highlight=False)


def bootstrap(settings: Settings) -> str | None:
    """Return the broker's address where one is known."""
    try:
        return settings.require_kafka_bootstrap()
    except PenstockError:
        return None


def as_data(status: Status) -> dict[str, Any]:
    """Return the status as JSON's types, with the lags worked out."""
    data = asdict(status)
    for source, shown in zip(status.sources, data["sources"], strict=True):
        shown["lag"] = source.lag
        for partition, part in zip(source.partitions, shown["partitions"], strict=True):
            part["lag"] = partition.lag
    return data


def sources_table(status: Status) -> Table:
    """Lay out the sources, one line each."""
    table = Table("SOURCE", "LANDS IN", box=None, pad_edge=False)
    for heading in ("READ", "LAG", "FRESHNESS", "DEAD LETTERS"):
        table.add_column(heading, justify="right")
    for source in status.sources:
        table.add_row(
            f"{source.topic} ({len(source.partitions)} partitions)",
            source.landing_table,
            f"{sum(partition.next_offset for partition in source.partitions):,}",
            "?" if source.lag is None else f"{source.lag:,}",
            freshness(source),
            f"{source.dead_letters:,}",
        )
    return table


def views_table(status: Status) -> Table:
    """Lay out the maintained views, one line each."""
    table = Table("VIEW", box=None, pad_edge=False)
    for heading in ("ROWS (ESTIMATE)", "STATE", "OF IT INDEXES", "CLOCK LAG", "DEPLOYED"):
        table.add_column(heading, justify="right")
    table.add_column("IS")
    for view in status.views:
        rows = f"{view.estimated_rows:,}" if view.estimated_rows >= 0 else "not analysed"
        deployed = f"{view.deployed_at:%Y-%m-%d %H:%M}"
        sizes = (size(view.state_bytes), size(view.index_bytes))
        late = seconds(view.clock_lag_seconds)
        table.add_row(view.name, rows, *sizes, late, deployed, condition(view))
    return table


def condition(view: MaintainedView) -> str:
    """Say in a word whether a view follows its inputs."""
    if view.suspended is not None:
        return "suspended"
    if view.faults:
        return "not maintained"
    return "stale" if view.stale_through else "maintained"


def troubles(status: Status) -> Iterator[str]:
    """Say of each view that does not follow its inputs why, and what to do."""
    for view in status.views:
        if view.suspended is not None:
            since = f"{view.suspended_at:%Y-%m-%d %H:%M:%S}"
            yield f"{view.name} is suspended since {since}: {view.suspended}"
        for fault in view.faults:
            yield f"{view.name} is not maintained: {fault}"
        if view.stale_through:
            yield f"{view.name} is stale: it reads {', '.join(view.stale_through)}"
        if view.suspended is not None or view.faults:
            yield f"  mend the row or the model, then `penstock repair {view.name}` or `dbt run`"


def freshness(source: Source) -> str:
    """Show how fresh a source is."""
    return seconds(source.freshness_seconds)


def seconds(count: float | None) -> str:
    """Show seconds as a person would say them.

    >>> seconds(0.0123)
    '12 ms'
    """
    if count is None:
        return "-"
    return f"{count * 1000:.0f} ms" if count < 1 else f"{count:,.1f} s"


def size(count: float) -> str:
    """Show bytes in the largest unit that leaves a number before the point.

    >>> size(1536)
    '1.5 kB'
    """
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TB"
