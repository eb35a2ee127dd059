"""A durable PostgreSQL and a real Kafka for the length of a benchmark."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from benchmarks.machine import durable_place, durable_server
from penstock.control import create_roles, ensure_control_plane
from penstock.demo.generator import messages
from penstock.services.kafka import Broker, start_kafka
from penstock.services.postgres import Server
from penstock.testing.services import Database, fresh_database

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
TOPIC = "events"
PARTITIONS = 4


@dataclass(frozen=True, slots=True)
class Stack:
    """The services of one benchmark."""

    server: Server
    broker: Broker

    @contextmanager
    def database(self, name: str, *select: str) -> Iterator[Database]:
        """Give a database in which dbt has run: all models, or those selected."""
        create_roles(self.server.url, name)
        with fresh_database(self.server, f"{name}_models") as database:
            ensure_control_plane(database.url)
            dbt(database.url, "run", *(["--select", *select] if select else []))
            yield database

    @contextmanager
    def connector(self, database: Database, group: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run `penstock connect` as its own process, as a user would."""
        command = [str(BIN / "penstock"), "connect", "--group", group]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(database.url) | {"PENSTOCK_KAFKA_BOOTSTRAP": self.broker.bootstrap},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def stack() -> Iterator[Stack]:
    """Start both services, durable, and stop them."""
    with (
        durable_server() as server,
        durable_place() as kafka,
        start_kafka(kafka, libs=ROOT / ".penstock" / "kafka" / "libs") as broker,
    ):
        yield Stack(server, broker)


def environment(url: str) -> dict[str, str]:
    """The environment of a command that works on this database."""
    return os.environ | {"PENSTOCK_DATABASE_URL": url}


def dbt(url: str, *arguments: str) -> float:
    """Run a dbt command of the project; return its seconds. Raises when it fails."""
    start = time.perf_counter()
    command = [str(BIN / "dbt"), "--quiet", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"dbt {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def client(bootstrap: str) -> dict[str, Any]:
    """Options of every Kafka client: it tells errors, not that a coordinator is still loading."""
    return {"bootstrap.servers": bootstrap, "log_level": 3}


def create_topic(broker: Broker) -> None:
    """Make the topic of the events."""
    admin = AdminClient(client(broker.bootstrap))
    for future in admin.create_topics([NewTopic(TOPIC, PARTITIONS, 1)]).values():
        future.result()


def produce(broker: Broker, count: int, seed: int = 1) -> float:
    """Write `count` generated messages; return the bytes of their values."""
    producer = Producer(client(broker.bootstrap) | {"linger.ms": 20, "enable.idempotence": True})
    size = 0
    for message in messages(count, seed=seed):
        size += len(message.value or b"")
        while True:
            try:
                producer.produce(TOPIC, key=message.key, value=message.value)
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()
    return size


def landed(connection: psycopg.Connection) -> int:
    """Messages that are in: landed or dead."""
    row = connection.execute(
        "select coalesce(sum(next_offset), 0) from penstock.source_offsets"
    ).fetchone()
    assert row is not None
    return int(row[0])


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
