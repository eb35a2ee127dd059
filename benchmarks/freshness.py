"""How long from produce to visible in `profiles`, for a reader that polls over the wire.

A process of its own sends at a fixed rate, among it probes that create profiles of their own. A
probe's time counts from the moment it was *due*, not from when the sender got round to it, so
that a stall is not hidden (coordinated omission).
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from confluent_kafka import Producer

from benchmarks.report import Cell, Plot, Report
from benchmarks.stack import TOPIC, Stack, client, create_topic, landed, percentile, produce, stack
from benchmarks.together import SPAWN, Together
from penstock.demo.generator import messages
from penstock.testing.services import Database

RATES = (100, 1_000, 2_000, 5_000, 10_000)
SHARES = (0.5, 0.99, 0.999)
PROBES_PER_SECOND = 50
TICKS_PER_SECOND = 100
# A look takes half a millisecond of the cores that are measured.
POLL_SECONDS = 0.002
DEADLINE_SECONDS = 20.0
SETTLE_SECONDS = 2.0
IDLE, STEADY, NEARLY_FULL = "one at a time, idle", "2,000/s", "80 % of the maximum"
KEPT = "80 % of what came in then"
WANTED = {STEADY: "p50 ≤ 10, p99 ≤ 50", NEARLY_FULL: "p99 ≤ 500", KEPT: "p99 ≤ 500"}
# Of what was sent, this share came in: it was kept up with.
KEPT_UP = 0.98
_runs = count(1)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Seconds from due to visible, of each probe; events a second that came in meanwhile."""

    times: list[float]
    rate: float


def run(quick: bool) -> Report:
    """Measure idle, at each rate that the system takes, and at 80 % of what it takes.

    Where it does not keep up with 80 % of what it takes from a backlog, also at 80 % of what came
    in then, sender and reader beside it.
    """
    seconds, backlog = (5, 20_000) if quick else (30, 200_000)
    found: dict[str, list[float]] = {}
    with stack() as services:
        create_topic(services.broker)
        with (
            services.database("bench_fresh") as database,
            services.connector(database, "bench-fresh"),
        ):
            most = _maximum(services, database, backlog)
            print(f"  maximum, from a backlog of {backlog:,}: {most:,.0f}/s")
            found[IDLE] = _idle(services, database, 20 if quick else 200)
            for rate in RATES[:3] if quick else RATES:
                if rate < most:
                    found[f"{rate:,}/s"] = _loaded(services, database, rate, seconds).times
            full = _loaded(services, database, int(most * 0.8), seconds)
            found[NEARLY_FULL] = full.times
            if full.rate < KEPT_UP * 0.8 * most:
                kept = _loaded(services, database, int(full.rate * 0.8), seconds)
                found[KEPT] = kept.times
    rows: list[tuple[Cell, ...]] = [
        (name, *(percentile(times, share) * 1000 for share in SHARES), WANTED.get(name, ""))
        for name, times in found.items()
    ]
    rows += [(f"{rate:,}/s", "above the maximum", "", "", "") for rate in RATES if rate >= most]
    return Report(
        "Freshness",
        f"produce to visible in profiles, {seconds} s a rate, {PROBES_PER_SECOND} probes/s;"
        f" maximum from a backlog of {backlog:,}: {most:,.0f} events/s;"
        f" at 80 % of it {full.rate:,.0f} events/s came in",
        ("load", "p50 ms", "p99 ms", "p99.9 ms", "wanted"),
        rows,
        {"maximum_per_second": most, "came_in_per_second": full.rate}
        | {
            f"{name} p{s * 100:g}": percentile(t, s) * 1000
            for name, t in found.items()
            for s in SHARES
        },
        Plot(
            "bars",
            "",
            "ms",
            {
                f"p{share * 100:g}": [
                    (name, percentile(t, share) * 1000) for name, t in found.items()
                ]
                for share in SHARES[:2]
            },
            log_y=True,
        ),
    )


def _maximum(services: Stack, database: Database, backlog: int) -> float:
    """Events a second from a backlog, its last half."""
    produce(services.broker, backlog)
    seen = []
    for wanted in (backlog // 2, backlog):
        while (got := landed(database.connection)) < wanted:
            time.sleep(0.01)
        seen.append((time.perf_counter(), got))
    (began, first), (ended, last) = seen
    return (last - first) / (ended - began)


def _idle(services: Stack, database: Database, probes: int) -> list[float]:
    """Send one event, wait until it shows, pause, again."""
    producer = _producer(services.broker.bootstrap)
    found = []
    for number in range(probes):
        user = f"probe-idle-{number}"
        start = time.perf_counter()
        _send(producer, user)
        while not _visible(database, [user]):
            if time.perf_counter() - start > DEADLINE_SECONDS:
                raise RuntimeError("a probe never showed")
        found.append(time.perf_counter() - start)
        time.sleep(0.02)
    return found


def _loaded(services: Stack, database: Database, rate: int, seconds: int) -> Loaded:
    """Have a process send at a fixed rate; poll for the probes that are due.

    What comes in is counted in the second half of the time.
    """
    run_number = next(_runs)
    together = Together(2)
    sender = SPAWN.Process(
        target=send_steadily, args=(services.broker.bootstrap, rate, seconds, run_number, together)
    )
    sender.start()
    start = together.begin()
    due = {user: start + tick / TICKS_PER_SECOND for tick, user in _probes(run_number, seconds)}
    found: list[float] = []
    marks: list[tuple[float, int]] = []
    while due:
        now = time.perf_counter()
        if len(marks) < 2 and now >= start + seconds * (1 + len(marks)) / 2:
            marks.append((now, landed(database.connection)))
        shown = _visible(database, [user for user, at in due.items() if at <= now])
        found += [time.perf_counter() - due.pop(user) for user in shown]
        if now > start + seconds + DEADLINE_SECONDS:
            # What never showed counts with what it has waited: at least so long.
            print(f"  {rate:,}/s: fell behind, {len(due)} probes had not shown by then")
            found += [now - at for at in due.values()]
            break
        time.sleep(POLL_SECONDS)
    if len(marks) < 2:
        marks.append((time.perf_counter(), landed(database.connection)))
    sender.join()
    drain(database)
    (began, first), (ended, last) = marks
    return Loaded(found, (last - first) / (ended - began))


def drain(database: Database) -> None:
    """Wait until nothing more comes in, so that the next load meets an idle system."""
    before = -1
    while (now := landed(database.connection)) != before:
        before = now
        time.sleep(SETTLE_SECONDS)


def _probes(run_number: int, seconds: int) -> Iterator[tuple[int, str]]:
    """The ticks at which probes are due, and whom each creates."""
    for tick in range(0, seconds * TICKS_PER_SECOND, TICKS_PER_SECOND // PROBES_PER_SECOND):
        yield tick, f"probe-{run_number}-{tick}"


def send_steadily(
    bootstrap: str, rate: int, seconds: int, run_number: int, together: Together
) -> None:
    """Send `rate` events a second in ticks of 10 ms, and the probes among them."""
    producer = _producer(bootstrap)
    load = list(messages(rate * seconds, seed=7 + run_number))
    probes = dict(_probes(run_number, seconds))
    sent = 0
    start = together.begin()
    for tick in range(seconds * TICKS_PER_SECOND):
        time.sleep(max(0.0, start + tick / TICKS_PER_SECOND - time.perf_counter()))
        wanted = min(len(load), (tick + 1) * rate // TICKS_PER_SECOND)
        for message in load[sent:wanted]:
            producer.produce(TOPIC, key=message.key, value=message.value)
        sent = wanted
        if tick in probes:
            _send(producer, probes[tick])
        producer.poll(0)
    producer.flush()


def _producer(bootstrap: str) -> Producer:
    # A request for each message would keep the broker busier than the messages do.
    return Producer(client(bootstrap) | {"linger.ms": 1})


def _send(producer: Producer, user: str) -> None:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    event = {
        "messageId": f"{user}-1",
        "type": "track",
        "event": "Product Viewed",
        "userId": user,
        "timestamp": now,
        "receivedAt": now,
    }
    producer.produce(TOPIC, key=user.encode(), value=json.dumps(event).encode())
    producer.poll(0)


def _visible(database: Database, users: list[str]) -> list[str]:
    if not users:
        return []
    rows = database.connection.execute(
        "select user_id from profiles where user_id = any(%s)", [users]
    ).fetchall()
    return [user for (user,) in rows]
