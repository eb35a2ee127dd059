"""How long from produce to visible in `profiles`, for a reader that polls over the wire.

A load runs at a fixed rate; among it, probes create profiles of their own. A probe's time
counts from the moment it was *due*, not from when the producer got round to it, so that a stall
is not hidden (coordinated omission).
"""

import json
import threading
import time
import uuid
from datetime import UTC, datetime

from confluent_kafka import Producer

from benchmarks.stack import TOPIC, Stack, create_topic, landed, percentile, produce, stack
from penstock.demo.generator import messages
from penstock.testing.services import Database

POLL_SECONDS = 0.001
DEADLINE_SECONDS = 10.0


def run(rate: int = 2_000, seconds: int = 30, singles: int = 200) -> dict[str, float]:
    """Measure and print; return the figures in milliseconds."""
    figures: dict[str, float] = {}
    with stack() as services:
        create_topic(services.broker)
        with (
            services.database("bench_fresh") as database,
            services.connector(database, "bench-fresh"),
        ):
            backlog = 20_000
            produce(services.broker, backlog)
            while landed(database.connection) < backlog:
                time.sleep(0.1)
            idle = _idle(services, database, singles)
            loaded = _loaded(services, database, rate, seconds)
    for name, values in (("idle", idle), (f"at_{rate}", loaded)):
        for share in (0.5, 0.99, 0.999):
            figures[f"{name}_p{share * 100:g}_ms"] = percentile(values, share) * 1000
    print(f"one event at a time, idle ({len(idle)} probes)")
    _print(figures, "idle", "(wanted: p50 under 15)")
    print(f"{rate:,} events/s for {seconds} s ({len(loaded)} probes)")
    _print(figures, f"at_{rate}", "(wanted: p50 under 50, p99 under 150)")
    return figures


def _print(figures: dict[str, float], name: str, wanted: str) -> None:
    shown = "   ".join(
        f"p{share:g} {figures[f'{name}_p{share:g}_ms']:.1f} ms" for share in (50, 99, 99.9)
    )
    print(f"  {shown}   {wanted}")


def _idle(services: Stack, database: Database, count: int) -> list[float]:
    """Send one event, wait until it shows, pause, again."""
    producer = _producer(services)
    found = []
    for _ in range(count):
        user = f"probe-{uuid.uuid4()}"
        start = time.perf_counter()
        _send(producer, user)
        while not _visible(database, [user]):
            assert time.perf_counter() - start < DEADLINE_SECONDS, "a probe never showed"
        found.append(time.perf_counter() - start)
        time.sleep(0.02)
    return found


def _loaded(services: Stack, database: Database, rate: int, seconds: int) -> list[float]:
    """Send at a fixed rate with a probe every 20 ms; poll for all that are under way."""
    due: dict[str, float] = {}
    found: list[float] = []
    stop = threading.Event()
    sender = threading.Thread(
        target=_send_steadily, args=(services, rate, seconds, due, stop), daemon=True
    )
    sender.start()
    waiting: dict[str, float] = {}
    ended = None
    while True:
        waiting |= {user: due[user] for user in list(due) if user not in waiting}
        open_probes = [user for user, at in waiting.items() if at > 0]
        for user in _visible(database, open_probes):
            found.append(time.perf_counter() - waiting[user])
            waiting[user] = 0.0
        if not sender.is_alive():
            ended = ended or time.perf_counter()
            left = [user for user, at in waiting.items() if at > 0]
            if not left and len(waiting) == len(due):
                return found
            assert time.perf_counter() - ended < DEADLINE_SECONDS, f"{len(left)} never showed"
        time.sleep(POLL_SECONDS)


def _send_steadily(
    services: Stack, rate: int, seconds: int, due: dict[str, float], stop: threading.Event
) -> None:
    producer = _producer(services)
    load = messages(rate * seconds, seed=7)
    start = time.perf_counter()
    per_tick = max(1, rate // 100)
    for tick in range(seconds * 100):
        at = start + tick / 100
        time.sleep(max(0.0, at - time.perf_counter()))
        if stop.is_set():
            return
        for _ in range(per_tick):
            message = next(load, None)
            if message is not None:
                producer.produce(TOPIC, key=message.key, value=message.value)
        if tick % 2 == 0:
            user = f"probe-{uuid.uuid4()}"
            due[user] = at
            _send(producer, user)
        producer.poll(0)
    producer.flush()


def _producer(services: Stack) -> Producer:
    return Producer({"bootstrap.servers": services.broker.bootstrap, "linger.ms": 0})


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
