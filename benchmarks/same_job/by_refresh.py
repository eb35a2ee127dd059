"""PostgreSQL alone: a native materialized view, refreshed after each batch that was landed.

The SELECT is that of the dbt models, taken from their files. A batch is read from Kafka, copied
and committed, and the next one waits until the REFRESH that shows it has ended.

A REFRESH reads everything there is, so that all of them would take most of the benchmark's time:
one in `every` batches is refreshed, and its time counts so many times.
"""

import re
import time
from dataclasses import dataclass
from itertools import count

import psycopg
from confluent_kafka import Consumer

from benchmarks.same_job.by_penstock import PROJECT, rows_of
from benchmarks.same_job.feed import Feed
from benchmarks.stack import Stack
from penstock.control import create_roles
from penstock.testing.services import fresh_database

BATCH = 10_000
READ_SECONDS = 1.0
LANDING = """
create table landed_events (
    kafka_partition int,
    kafka_offset bigint,
    payload jsonb not null,
    primary key (kafka_partition, kafka_offset)
)
"""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """events_a_second as if every batch were refreshed; seconds of a REFRESH over all events."""

    events_a_second: float
    whole_seconds: float


def refresh_rate(services: Stack, feed: Feed, every: int) -> Refreshed:
    """Measure; the rows are compared."""
    name = f"bench_{feed.topic}"
    create_roles(services.server.url, name)
    with fresh_database(services.server, f"{name}_native") as database:
        connection = database.connection
        connection.execute(LANDING)
        _make_views(connection)
        consumer = Consumer(
            {
                "bootstrap.servers": feed.bootstrap,
                "group.id": name,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
            }
        )
        consumer.subscribe([feed.topic])
        try:
            _land(consumer, connection, len(feed.input.warm), every)
            feed.release()
            seconds = _land(consumer, connection, len(feed.input.rest), every)
        finally:
            consumer.close()
        whole = _refresh(connection)
        feed.input.check("REFRESH", rows_of(connection, "devices"))
    return Refreshed(len(feed.input.rest) / seconds, whole)


def _make_views(connection: psycopg.Connection) -> None:
    """Make `deliveries`, a plain view, and `devices`, a native materialized view of it."""
    for model, kind in (("deliveries", "view"), ("devices", "materialized view")):
        text = (PROJECT / "models" / f"{model}.sql").read_text()
        select = re.sub(r"\{\{ config\(.*?\) \}\}", "", text)
        select = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", select)
        connection.execute(f"create {kind} {model} as {select}".encode())


def _land(consumer: Consumer, connection: psycopg.Connection, events: int, every: int) -> float:
    """Read so many, in batches; return the seconds that it takes with a REFRESH each."""
    refreshing = 0.0
    began = time.perf_counter()
    for number in count():
        found = consumer.consume(min(BATCH, events), READ_SECONDS)
        # A topic that is new may be unknown at first, which is told as a message.
        messages = [message for message in found if message.error() is None]
        with (
            connection.cursor() as cursor,
            cursor.copy("copy landed_events from stdin") as copy,
        ):
            for message in messages:
                value = message.value() or b""
                copy.write_row((message.partition(), message.offset(), value.decode()))
        events -= len(messages)
        if number % every == every // 2:
            refreshing += _refresh(connection)
        if events == 0:
            break
    landing = time.perf_counter() - began - refreshing
    return landing + refreshing * every


def _refresh(connection: psycopg.Connection) -> float:
    began = time.perf_counter()
    connection.execute("refresh materialized view devices")
    return time.perf_counter() - began
