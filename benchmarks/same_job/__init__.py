"""The same job by five: JSON events in Kafka, filtered, deduplicated, counted per device.

Penstock, Flink SQL in memory and kept, Pathway, and PostgreSQL with a REFRESH a batch read the same
bytes, each from a topic of its own, and must give the same rows, which a few lines of Python
compute beside them: every row of every run is compared before its time counts.

One definition of a rate, for all: a contestant is started and does the first quarter of the input,
so that processes, clusters, imports, plans and compilers are warm. When its output covers that
quarter, the rest, which lies in the topic as an open transaction, is released at one moment. Time
runs from there until the output covers everything. One contestant runs at a time, beside nothing
but the broker and a reader that looks whether it is done.
"""

from collections.abc import Callable
from statistics import median

from benchmarks.contest import Spread, contest
from benchmarks.report import Cell, Plot, Report
from benchmarks.same_job.by_flink import REQUIREMENT as FLINK
from benchmarks.same_job.by_flink import flink_rate, kept_flink_rate
from benchmarks.same_job.by_pathway import REQUIREMENT as PATHWAY
from benchmarks.same_job.by_pathway import pathway_rate
from benchmarks.same_job.by_penstock import penstock_rate
from benchmarks.same_job.by_refresh import BATCH, refresh_rate
from benchmarks.same_job.events import Input, make_input
from benchmarks.same_job.feed import Feed, feed
from benchmarks.stack import PARTITIONS, stack

# Penstock's rate by the peer's.
WANTED = {"Flink SQL": 1.5, "Pathway": 1.0}
PENSTOCK = "Penstock"


def run(quick: bool) -> Report:
    """Measure in turns."""
    events, every, rounds = (40_000, 1, 1) if quick else (1_000_000, 15, 3)
    of = make_input(events)
    print(f"  {events:,} events of {of.bytes_each:.0f} bytes, {len(of.devices):,} devices")
    whole_refreshes: list[float] = []
    with stack() as services:

        def in_a_topic(measure: Callable[[Feed], float]) -> Callable[[], float]:
            def run_once() -> float:
                with feed(services.broker, of) as given:
                    return measure(given)

            return run_once

        def refresh(given: Feed) -> float:
            found = refresh_rate(services, given, every)
            whole_refreshes.append(found.whole_seconds)
            return found.events_a_second

        found = contest(
            {
                PENSTOCK: in_a_topic(lambda given: penstock_rate(services, given)),
                "Flink SQL": in_a_topic(flink_rate),
                "Flink SQL, kept": in_a_topic(lambda given: kept_flink_rate(services, given)),
                "Pathway": in_a_topic(pathway_rate),
                "REFRESH a batch": in_a_topic(refresh),
            },
            rounds,
        )
    return _report(found, of, rounds, median(whole_refreshes))


def _report(found: dict[str, Spread], of: Input, rounds: int, refresh_seconds: float) -> Report:
    ours = found[PENSTOCK].median
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            spread.median,
            str(spread),
            ours / spread.median,
            f"≥ {WANTED[name]:g}" if name in WANTED else "",
        )
        for name, spread in found.items()
    ]
    return Report(
        "Same job",
        f"{of.events:,} JSON events of {of.bytes_each:.0f} bytes, {PARTITIONS} partitions,"
        f" {of.kept:,} kept, {len(of.devices):,} devices; {rounds} rounds in turns;"
        f" {FLINK}, {PATHWAY}; REFRESH after each {BATCH:,} events, over all of them"
        f" {refresh_seconds:.1f} s",
        ("contestant", "events/s, median", "least to most", "Penstock by it", "wanted"),
        rows,
        {name: spread.median for name, spread in found.items()}
        | {f"Penstock by {name}": ours / found[name].median for name in found if name != PENSTOCK}
        | {"REFRESH over all, s": refresh_seconds},
        Plot(
            "bars",
            "",
            "events/s",
            {"median": [(name, spread.median) for name, spread in found.items()]},
        ),
    )
