"""Kafka to profiles, as a share of what the same connector lands with no views.

The contestants read the same topic from its beginning, in turns, each time into a database of
its own on the same server. Rates are read from the stored offsets, which move with the rows and
the views in one transaction. Where the time goes is asked in one more run of the whole pipeline,
with timing on, which no rate is taken from.
"""

import time
from itertools import count

from benchmarks.contest import contest
from benchmarks.report import Part, Plot, Report
from benchmarks.stack import Stack, create_topic, landed, produce, stack
from penstock.profiling import WHAT, Profile, profile
from penstock.testing.services import Database

WANTED = 0.5
_numbers = count(1)


def run(quick: bool) -> Report:
    """Measure in turns; compare every view with its SELECT before a round counts."""
    # A batch under way is not timed when the watch begins: three of each lane, at its slowest.
    events, rounds, seconds = (60_000, 1, 5) if quick else (400_000, 3, 25)
    with stack() as services:
        create_topic(services.broker)
        size = produce(services.broker, events)
        found = contest(
            {
                "landing only": lambda: _rate(services, events, "landed_events"),
                "whole pipeline": lambda: _rate(services, events),
                # What landing costs where the source declares no fields: no part of the share.
                "landing, no fields extracted": lambda: _rate(
                    services, events, "landed_events", "--vars", "{event_fields: {}}"
                ),
            },
            rounds,
        )
        spent = _profile(services, seconds)
    landing, whole, bare = found.values()
    share = whole.median / landing.median
    return Report(
        "Whole pipeline",
        f"{events:,} messages of {size / events:.0f} bytes, 4 partitions, {rounds} rounds in turns",
        ("contestant", "events/s, median", "least to most", "share", "wanted"),
        [
            ("landing only", landing.median, str(landing), 1.0, ""),
            ("whole pipeline", whole.median, str(whole), share, f"≥ {WANTED}"),
            (
                "landing, no fields extracted",
                bare.median,
                str(bare),
                bare.median / landing.median,
                "",
            ),
        ],
        {
            "landing": landing.median,
            "whole": whole.median,
            "share": share,
            **{f"{phase.name} µs": phase.an_event or 0.0 for phase in spent.phases},
            **{f"{model.name} µs": model.an_event or 0.0 for model in spent.models},
            "WAL bytes an event": spent.wal_an_event or 0.0,
        },
        Plot(
            "bars",
            "",
            "events/s",
            {"median": [(name, spread.median) for name, spread in found.items()]},
        ),
        _parts(spent),
    )


def _profile(services: Stack, seconds: float) -> Profile:
    """Where the time goes, from a connector that reads the topic from its beginning."""
    name = f"bench_pipeline_{next(_numbers)}"
    with (
        services.database(name) as database,
        services.connector(database, name),
        database.connect() as watcher,
    ):
        while not landed(database.connection):
            time.sleep(0.01)
        return profile(watcher, seconds, lambda _: None)


def _parts(spent: Profile) -> tuple[Part, ...]:
    """Where the time goes, by phase and by model, as `penstock profile` tells it."""
    columns = ("µs an event", "share")
    seen = f"{spent.events:,} events, {spent.wal_an_event or 0:,.0f} bytes of WAL an event"
    return (
        Part(
            f"Where the time goes, by phase ({seen})",
            ("phase", *columns, "is"),
            [(p.name, p.an_event or 0.0, p.share, WHAT[p.name]) for p in spent.phases],
        ),
        Part(
            "Where the time goes, by model",
            ("model", *columns),
            [(model.name, model.an_event or 0.0, model.share) for model in spent.models],
        ),
    )


def _rate(services: Stack, events: int, *select: str) -> float:
    """Events a second from the first batch that is in to the last."""
    name = f"bench_pipeline_{next(_numbers)}"
    with (
        services.database(name, *select) as database,
        services.connector(database, name) as process,
    ):

        def wait_for(wanted: int) -> tuple[float, int]:
            while (got := landed(database.connection)) < wanted:
                if process.poll() is not None:
                    raise RuntimeError("the connector ended early")
                time.sleep(0.01)
            return time.perf_counter(), got

        began, first = wait_for(1)
        ended, last = wait_for(events)
        _check(database, select)
    return (last - first) / (ended - began)


def _check(database: Database, select: tuple[str, ...]) -> None:
    """Everything that was accepted is in a profile."""
    if select:
        return
    (accepted, counted) = database.connection.execute(
        "select (select count(*) from events), (select sum(event_count) from profiles)"
    ).fetchone() or (0, 1)
    if accepted != counted:
        raise RuntimeError(f"{accepted} events, and profiles count {counted}")
