"""Kafka to profiles, as a share of what the same connector lands with no views.

Both contestants read the same topic from its beginning, one after the other, each into a
database of its own on the same server. Rates are read from the stored offsets, which move
with the rows and the views in one transaction.
"""

import time
from itertools import pairwise

from benchmarks.stack import Stack, create_topic, landed, produce, stack
from penstock.testing.services import Database

EDGE = 100_000


def run(events: int = 1_000_000) -> dict[str, float]:
    """Measure and print; return the figures."""
    with stack() as services:
        create_topic(services.broker)
        size = produce(services.broker, events)
        print(f"{events:,} messages, {size / events:.0f} bytes each, 4 partitions")
        with services.database("bench_landing", "landed_events") as database:
            landing = _read(services, database, events, "landing")
        with services.database("bench_all") as database:
            everything = _read(services, database, events, "all")
            _show(database)
    edge = min(EDGE, events // 4)
    first = _rate(everything, 0, edge)
    last = _rate(everything, events - edge, events)
    figures = {
        "landing_only_per_second": _rate(landing, 0, events),
        "whole_pipeline_per_second": _rate(everything, 0, events),
        "first_per_second": first,
        "last_per_second": last,
    }
    figures["pipeline_to_landing"] = (
        figures["whole_pipeline_per_second"] / figures["landing_only_per_second"]
    )
    figures["last_to_first"] = last / first
    print(f"landing only      {figures['landing_only_per_second']:>10,.0f} events/s")
    print(f"whole pipeline    {figures['whole_pipeline_per_second']:>10,.0f} events/s")
    print(f"ratio             {figures['pipeline_to_landing']:>10.2f}   (wanted: 0.20)")
    print(f"first {edge:,}     {first:>10,.0f} events/s")
    print(f"last {edge:,}      {last:>10,.0f} events/s")
    print(f"last / first      {figures['last_to_first']:>10.2f}   (wanted: 0.80)")
    return figures


def _read(services: Stack, database: Database, events: int, group: str) -> list[tuple[float, int]]:
    """Run the connector until everything is in; return (seconds, messages in) as it went."""
    seen = [(0.0, 0)]
    with services.connector(database, f"bench-{group}") as process:
        while landed(database.connection) == 0:
            assert process.poll() is None, "the connector ended early"
            time.sleep(0.002)
        start = time.perf_counter()
        shown = start
        while seen[-1][1] < events:
            assert process.poll() is None, "the connector ended early"
            time.sleep(0.02)
            now = time.perf_counter()
            seen.append((now - start, landed(database.connection)))
            if now - shown > 5:
                shown = now
                print(f"  {group}: {seen[-1][1]:,} in, {seen[-1][1] / (now - start):,.0f}/s")
    return seen


def _rate(seen: list[tuple[float, int]], low: int, high: int) -> float:
    """Messages a second between two counts."""
    return (high - low) / (_when(seen, high) - _when(seen, low))


def _when(seen: list[tuple[float, int]], count: int) -> float:
    """The second at which so many were in, between two readings by proportion."""
    for (t0, n0), (t1, n1) in pairwise(seen):
        if n0 <= count <= n1 and n1 > n0:
            return t0 + (t1 - t0) * (count - n0) / (n1 - n0)
    return seen[-1][0]


def _show(database: Database) -> None:
    row = database.connection.execute(
        "select (select count(*) from events), (select count(*) from events_quarantined),"
        " (select count(*) from penstock.dead_letters), (select count(*) from profiles),"
        " (select pg_size_pretty(sum(pg_total_relation_size(oid))) from pg_class"
        "  where relnamespace = 'penstock_state'::regnamespace and relkind = 'r'),"
        " pg_size_pretty(pg_total_relation_size('landed_events'))"
    ).fetchone()
    assert row is not None
    print("  {:,} events, {:,} quarantined, {:,} dead, {:,} profiles;".format(*row[:4]), end=" ")
    print(f"state {row[4]}, landed {row[5]}")
