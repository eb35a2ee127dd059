"""Looking profiles up over the wire, at a fixed rate, alone and while events come in.

Queries are due at a fixed rate and timed from when they were due, so that a stall counts for all
that wait behind it. Two clients, each a process and a connection, with prepared statements.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psycopg

from benchmarks.freshness import send_steadily
from benchmarks.report import Cell, Plot, Report
from benchmarks.stack import create_topic, landed, percentile, produce, stack
from benchmarks.together import SPAWN, Together

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

QUERIES = {
    "by profile_id": "select * from profiles where profile_id = %s",
    "by user_id": "select * from profiles where user_id = %s",
    "by identifier": "select p.* from identifiers as i join profiles as p using (profile_id)"
    " where i.identifier_type = 'user_id' and i.identifier_value = %s",
}
LOAD = 2_000
RATE = 5_000
CLIENTS = 2
WANTED = "p99 ≤ 3"
GIVE_UP_SECONDS = 10.0


def run(quick: bool) -> Report:
    """Measure each lookup on an idle system and under load."""
    backlog, seconds = (20_000, 3) if quick else (200_000, 20)
    rows: list[tuple[Cell, ...]] = []
    figures: dict[str, float] = {}
    with stack() as services:
        create_topic(services.broker)
        with (
            services.database("bench_reads") as database,
            services.connector(database, "bench-reads"),
        ):
            produce(services.broker, backlog)
            while landed(database.connection) < backlog:
                time.sleep(0.1)
            database.connection.execute("vacuum analyze")
            profiles = database.connection.execute(
                "select profile_id, user_id from profiles where user_id is not null limit 10000"
            ).fetchall()
            for run_number, load in enumerate((0, LOAD)):
                for name, query in QUERIES.items():
                    keys = [row[0] if name == "by profile_id" else row[1] for row in profiles]
                    together = Together(CLIENTS + bool(load))
                    sender = SPAWN.Process(
                        target=send_steadily,
                        args=(services.broker.bootstrap, load, seconds, 100 + run_number, together),
                    )
                    if load:
                        sender.start()
                    found: Queue[list[float]] = SPAWN.Queue()
                    clients = [
                        SPAWN.Process(
                            target=look_up,
                            args=(database.url, (query, keys), seconds, (n, together), found),
                        )
                        for n in range(CLIENTS)
                    ]
                    for client in clients:
                        client.start()
                    times = [t for _ in clients for t in found.get(timeout=seconds + 120)]
                    for client in clients:
                        client.join()
                    if load:
                        sender.join()
                    label = f"{name}, {load:,} events/s" if load else f"{name}, idle"
                    percentiles = [percentile(times, s) * 1000 for s in (0.5, 0.99, 0.999)]
                    rate = len(times) / seconds
                    rows.append((label, rate, *percentiles, WANTED))
                    figures[f"{label} p99 ms"] = percentiles[1]
                    print(f"  {label}: p99 {percentiles[1]:.2f} ms at {rate:,.0f}/s")
    return Report(
        "Reads",
        f"{RATE:,} lookups/s due over {seconds} s from {CLIENTS} clients,"
        f" {len(profiles):,} profiles asked for; timed from when due",
        ("lookup", "lookups/s", "p50 ms", "p99 ms", "p99.9 ms", "wanted"),
        rows,
        figures,
        Plot(
            "bars",
            "",
            "p99 ms",
            {"p99": [(name.split(" p99")[0], v) for name, v in figures.items()]},
        ),
    )


def look_up(
    url: str,
    query: tuple[str, list[str]],
    seconds: int,
    client: tuple[int, Together],
    found: Queue[list[float]],
) -> None:
    """Ask at a fixed rate, one client's share of it; give back the seconds from due to answered.

    query: with the keys to ask it for. client: its number, and when all begin.
    """
    text, keys = query
    number, together = client
    times: list[float] = []
    asked = text.encode()
    with psycopg.connect(url, autocommit=True, prepare_threshold=0) as connection:
        for key in keys[:100]:
            connection.execute(asked, [key]).fetchall()
        start = together.begin()
        for turn in range(number, RATE * seconds, CLIENTS):
            due = start + turn / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            # A profile that was merged into another since is rightly not found.
            connection.execute(asked, [keys[turn * 7919 % len(keys)]]).fetchall()
            times.append(time.perf_counter() - due)
            if times[-1] > GIVE_UP_SECONDS:
                break
    found.put(times)
