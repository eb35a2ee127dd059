"""Topics, connectors and the account of every message, for tests of streams.

Needs a broker and a database, as `penstock.testing.services` has them.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import psycopg
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic  # type: ignore[attr-defined]
from psycopg import sql

from penstock.sources.batch import Limits
from penstock.sources.loop import run
from penstock.sources.settings import ConnectorSettings
from penstock.sources.stats import Stats

LANDING_TABLE = """
create table {table} (
    kafka_partition int not null,
    kafka_offset bigint not null,
    kafka_timestamp timestamptz not null,
    kafka_key bytea,
    kafka_headers jsonb,
    payload jsonb not null
)
"""


@dataclass
class Topic:
    """A topic of its own name; `create` makes it."""

    bootstrap: str
    name: str = field(default_factory=lambda: f"topic-{uuid.uuid4().hex[:12]}")

    def create(self, partitions: int = 4, **config: str) -> Self:
        """Make the topic and wait until it is there."""
        topic = NewTopic(self.name, partitions, 1, config=config)
        admin = self._admin()
        admin.create_topics([topic])[self.name].result(30)
        deadline = time.monotonic() + 30
        while (known := admin.list_topics(timeout=10).topics.get(self.name)) is None or known.error:
            assert time.monotonic() < deadline, f"topic {self.name} is not there"  # noqa: S101
            time.sleep(0.05)
        return self

    def add_partitions(self, total: int) -> None:
        """Grow to `total` partitions."""
        admin = self._admin()
        admin.create_partitions([NewPartitions(self.name, total)])[self.name].result(30)

    def delete_records_before(self, partition: int, offset: int) -> None:
        """Have the broker delete a partition's messages below `offset`, as retention would."""
        place = TopicPartition(self.name, partition, offset)
        admin = self._admin()
        for result in admin.delete_records([place]).values():
            result.result(30)

    def produce(
        self, values: Iterable[bytes | None], *, partition: int | None = None, **fields: Any
    ) -> None:
        """Produce values, over the partitions in turn unless one is given; wait for the broker."""
        producer = self.producer()
        partitions = len(self._admin().list_topics(timeout=10).topics[self.name].partitions)
        for number, value in enumerate(values):
            place = number % partitions if partition is None else partition
            while True:
                try:
                    producer.produce(self.name, value, partition=place, **fields)
                    break
                except BufferError:
                    producer.poll(0.1)
        assert producer.flush(60) == 0, "the broker took not all messages"  # noqa: S101

    def producer(self, **options: Any) -> Producer:
        """Make an idempotent producer: what it retries is in the topic once."""
        return Producer(
            {
                "bootstrap.servers": self.bootstrap,
                "enable.idempotence": True,
                "linger.ms": 2,
                "message.max.bytes": 20 << 20,
                "log_level": 0,
                **options,
            }
        )

    def ends(self) -> dict[int, int]:
        """Give each partition's end offset."""
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": uuid.uuid4().hex})
        try:
            partitions = consumer.list_topics(self.name, timeout=10).topics[self.name].partitions
            return {
                number: consumer.get_watermark_offsets(
                    TopicPartition(self.name, number), timeout=10
                )[1]
                for number in partitions
            }
        finally:
            consumer.close()

    def subscribe(
        self, connection: psycopg.Connection, table: str = "landed_events", *, keyed: bool = True
    ) -> None:
        """Make a landing table and subscribe it to the topic.

        keyed: False leaves out the primary key, so that a message landed twice shows.
        """
        connection.execute(sql.SQL(LANDING_TABLE).format(table=sql.Identifier(table)))
        if keyed:
            connection.execute(
                sql.SQL("alter table {} add primary key (kafka_partition, kafka_offset)").format(
                    sql.Identifier(table)
                )
            )
        connection.execute(
            "insert into penstock.subscriptions"
            " (topic, landing_schema, landing_table, format, options)"
            " values (%s, 'public', %s, 'json', '{}')",
            (self.name, table),
        )

    def _admin(self) -> AdminClient:
        """Make a client; its results die with it, so hold on to it."""
        return AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})


class Feed(threading.Thread):
    """Produces dirty messages at a steady rate until stopped; `produced` were acknowledged.

    Of 50 messages one is broken JSON, one a tombstone, one has NUL in it, one is 40 kB.
    """

    def __init__(self, topic: Topic, rate: float, seed: int = 1) -> None:
        super().__init__(name="feed", daemon=True)
        self.produced = 0
        self._topic = topic
        self._rate = rate
        self._random = random.Random(seed)  # noqa: S311 (repeatable, no secret)
        self._end = threading.Event()

    def run(self) -> None:
        """Produce; the broker may come and go."""
        producer = self._topic.producer(**{"message.timeout.ms": 120_000})
        start, count = time.monotonic(), 0
        while not self._end.wait(0.01):
            while count < (time.monotonic() - start) * self._rate:
                try:
                    producer.produce(self._topic.name, self._value(count), on_delivery=self._noted)
                except BufferError:
                    break
                count += 1
            producer.poll(0)
        producer.flush(120)

    def _noted(self, error: object, message: object) -> None:
        del message
        self.produced += error is None

    def _value(self, number: int) -> bytes | None:
        match self._random.randrange(50):
            case 0:
                return b'{"number": %d' % number
            case 1:
                return None
            case 2:
                return b'{"number": %d, "text": "\\u0000"}' % number
            case 3:
                return b'{"number": %d, "text": "%s"}' % (number, b"x" * 40_000)
            case _:
                return b'{"number": %d, "text": "%s"}' % (number, b"y" * 100)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self.join(150)


@contextmanager
def running_connector(
    settings: ConnectorSettings, on_stats: Callable[[Stats], None] | None = None
) -> Iterator[threading.Thread]:
    """Run a connector in a thread; stop it at the end, and pass on what it raised."""
    stop = threading.Event()
    raised: list[BaseException] = []

    def work() -> None:
        try:
            run(settings, stop, on_stats)
        except BaseException as error:  # noqa: BLE001 (handed to the test)
            raised.append(error)

    thread = threading.Thread(target=work, name="connector", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive(), "the connector does not stop"  # noqa: S101
        if raised:
            raise raised[0]


CHILD = """
import json, logging, signal, sys, threading
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
from penstock.sources.batch import Limits
from penstock.sources.loop import run
from penstock.sources.settings import ConnectorSettings
told = json.loads(sys.argv[1])
run(ConnectorSettings(**{**told, "limits": Limits(**told["limits"])}), stop)
"""


class ConnectorProcess:
    """A connector in a process of its own, to be killed, stopped and continued.

    It ends with this process: its own end is made sure of by the context manager.
    """

    def __init__(self, settings: ConnectorSettings, log: Any = None) -> None:
        told = {
            "database_url": settings.database_url,
            "kafka_bootstrap": settings.kafka_bootstrap,
            "group": settings.group,
            "limits": {
                "rows": settings.limits.rows,
                "bytes": settings.limits.bytes,
                "seconds": settings.limits.seconds,
            },
            "kafka_options": settings.kafka_options,
        }
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            [sys.executable, "-c", CHILD, json.dumps(told)], stdout=log, stderr=log
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        """Hold it where it is, and return once it stands: the way to make a zombie."""
        os.kill(self.pid, signal.SIGSTOP)
        # On a busy machine the signal takes milliseconds to arrive, in which a commit may end.
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), "it ended before it could be held"  # noqa: S101

    def resume(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self, seconds: float = 20.0) -> int:
        """Ask it to end, as an operator does; give its exit status."""
        self._process.terminate()
        return self._process.wait(seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.is_alive():
            self.kill()


def wait_until_in(
    connection: psycopg.Connection, topic: Topic, seconds: float = 60.0
) -> dict[int, int]:
    """Wait until the stored offsets reach the topic's ends; give the ends."""
    ends = topic.ends()
    deadline = time.monotonic() + seconds
    while True:
        stored = stored_offsets(connection, topic)
        if all(stored.get(partition, 0) >= end for partition, end in ends.items()):
            return ends
        assert time.monotonic() < deadline, f"want {ends}, got {stored}"  # noqa: S101
        time.sleep(0.02)


def stored_offsets(connection: psycopg.Connection, topic: Topic) -> dict[int, int]:
    """Give the stored offsets by partition."""
    rows = connection.execute(
        "select partition, next_offset from penstock.source_offsets where topic = %s", (topic.name,)
    )
    return {partition: next_offset for partition, next_offset in rows}


def assert_every_message_is_in_once(
    connection: psycopg.Connection, topic: Topic, table: str = "landed_events"
) -> int:
    """Account for the topic, offset by offset, as landed or dead; give the number of messages.

    For topics without transactions and compaction, where offsets have no gaps.
    """
    ends = topic.ends()
    query = sql.SQL(
        """
        with accounted as (
            select kafka_partition as partition, kafka_offset as place from {}
            union all
            select partition, "offset" from penstock.dead_letters where topic = %s
        )
        select partition, count(*), count(distinct place), min(place), max(place) + 1
        from accounted
        group by partition
        """
    ).format(sql.Identifier(table))
    got = {row[0]: row[1:] for row in connection.execute(query, (topic.name,))}
    want = {partition: (end, end, 0, end) for partition, end in ends.items() if end}
    assert got == want  # noqa: S101
    assert stored_offsets(connection, topic) == ends  # noqa: S101
    return sum(ends.values())


def connector_settings(
    database_url: str, topic: Topic, *, rows: int = 10_000, **kafka_options: str | int | bool
) -> ConnectorSettings:
    """Give settings for a connector whose group is the topic's own."""
    return ConnectorSettings(
        database_url,
        topic.bootstrap,
        group=f"group-{topic.name}",
        limits=Limits(rows=rows),
        kafka_options=kafka_options,
    )
