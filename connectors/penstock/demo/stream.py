"""The sample on its way: produced, connected and watched, all at once."""

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]
from rich.console import Console

from penstock.control import connect
from penstock.demo.generator import messages
from penstock.errors import PenstockError
from penstock.sources.batch import Limits
from penstock.sources.loop import run as run_connector
from penstock.sources.settings import ConnectorSettings
from penstock.sources.stats import Stats
from penstock.status import log_ends

TOPIC = "events"
PARTITIONS = 4
# Fast enough to end soon, slow enough to watch.
MESSAGES_A_SECOND = 5_000
BURST = 250
BATCH_ROWS = 2_000
# Without progress for so long, something is wrong.
STALLED_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.25
ANSWER_SECONDS = 20.0
# Where there is no terminal whose line could be rewritten.
SAY_EVERY_SECONDS = 2.0

READ = "select coalesce(sum(next_offset), 0)::bigint from penstock.source_offsets where topic = %s"


class Worker(Thread):
    """A thread whose error is kept for the main thread to raise."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.error: Exception | None = None

    def run(self) -> None:
        """Do the work; keep what it raises."""
        try:
            self.work()
        except Exception as error:  # noqa: BLE001 - raised again by the main thread
            self.error = error


def stream(
    connector_url: str, database_url: str, bootstrap: str, count: int, console: Console
) -> None:
    """Produce `count` messages and connect them; return when every message is in the database.

    A topic that has messages gets the sample of another seed, so that a second run adds people.
    """
    seed = 1 + in_topic(bootstrap) // count
    stop, latest = Event(), [Stats()]

    def keep(stats: Stats) -> None:
        latest[0] = stats

    # Small batches: less a second, but there is something to watch.
    limits = Limits(rows=BATCH_ROWS)
    settings = ConnectorSettings(connector_url, bootstrap, limits=limits)
    connector = Worker(lambda: run_connector(settings, stop, keep))
    producer = Worker(lambda: produce(bootstrap, count, seed, stop))
    workers = (connector, producer)
    for worker in workers:
        worker.start()
    try:
        with console.status("streaming") as line, connect(database_url) as connection:
            connection.autocommit = True
            read, moved_at = -1, time.monotonic()
            said_at = moved_at
            while True:
                for worker in workers:
                    if worker.error is not None:
                        raise worker.error
                [(now_read,)] = connection.execute(READ, (TOPIC,)).fetchall()
                lag = in_topic(bootstrap) - now_read
                if not producer.is_alive() and lag <= 0:
                    return
                if now_read != read:
                    read, moved_at = now_read, time.monotonic()
                elif time.monotonic() - moved_at > STALLED_SECONDS:
                    raise PenstockError(
                        f"the stream stands still at {read:,} messages, {lag:,} behind",
                        detail=latest[0].waiting_for,
                        hint="look at it with `penstock status`",
                    )
                line.update(told(latest[0], lag))
                if not console.is_terminal and time.monotonic() - said_at > SAY_EVERY_SECONDS:
                    said_at = time.monotonic()
                    console.print(told(latest[0], lag), soft_wrap=True)
                time.sleep(LOOK_EVERY_SECONDS)
    finally:
        stop.set()
        for worker in workers:
            worker.join(timeout=15)


def told(stats: Stats, lag: int) -> str:
    """Say in one line how the stream goes."""
    fresh = stats.freshness_seconds
    freshness = "-" if fresh is None else f"{fresh * 1000:,.0f} ms"
    return (
        f"{stats.messages:,} messages in · {stats.rate:,.0f}/s · lag {lag:,}"
        f" · freshness {freshness} · {stats.dead_letters:,} dead letters"
    )


def produce(bootstrap: str, count: int, seed: int, stop: Event) -> None:
    """Send the sample at a steady rate, so that the views can be watched."""
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 5})
    began = time.monotonic()
    for index, message in enumerate(messages(count, seed=seed)):
        if index % BURST == 0:
            producer.poll(0)
            if stop.wait(max(began + index / MESSAGES_A_SECOND - time.monotonic(), 0)):
                return
        producer.produce(TOPIC, message.value, key=message.key)
    unsent = producer.flush(30)
    if unsent:
        raise PenstockError(f"the broker at {bootstrap} did not take {unsent:,} messages")


def make_topic(bootstrap: str) -> None:
    """Create the topic, unless it is there; the in-process broker makes it when written to."""
    client = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    [made] = client.create_topics([NewTopic(TOPIC, num_partitions=PARTITIONS)]).values()
    with suppress(KafkaException):
        made.result(timeout=10)


def in_topic(bootstrap: str) -> int:
    """Count the topic's messages, read or not."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        ends, error = log_ends(bootstrap, [TOPIC])
        if error is None:
            return sum(ends.values())
        # A new topic has no leaders for a moment.
        if time.monotonic() > deadline:
            raise PenstockError(error, hint="look at it with `penstock status`")
        time.sleep(LOOK_EVERY_SECONDS)
