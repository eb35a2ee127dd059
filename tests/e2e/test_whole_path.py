"""Messages through Kafka, the connector and all models: what a reader finds is what was sent.

The oracle works out from the messages alone what every public relation must show.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from comparing import assert_all_views_maintained, assert_as_expected
from confluent_kafka import Consumer, TopicPartition
from hostile import hostile
from landing import PROJECT, subscribe
from oracle import Expected, Message, expect

from penstock.demo.generator import messages
from penstock.services.kafka import Broker
from penstock.testing.services import Database
from penstock.testing.streams import (
    ConnectorProcess,
    Topic,
    connector_settings,
    stored_offsets,
    wait_until_in,
)

DEMO = 3_000
SMALL_BATCHES = 50
# Of the sample: enough to kill in the middle of, and soon read.
KILLED_AT = (200, 700, 1_200)

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def topic(kafka_broker: Broker, warehouse: Database) -> Topic:
    topic = Topic(kafka_broker.bootstrap).create(partitions=4)
    subscribe(warehouse.connection, topic)
    return topic


def read_topic(topic: Topic) -> list[Message]:
    """Read all of it back, with a plain consumer: what the connector was given."""
    ends = topic.ends()
    found: list[Message] = []
    deadline = time.monotonic() + 30
    consumer = Consumer(
        {
            "bootstrap.servers": topic.bootstrap,
            "group.id": f"reader-of-{topic.name}",
            "enable.auto.commit": False,
            "fetch.message.max.bytes": 32 << 20,
        }
    )
    try:
        consumer.assign([TopicPartition(topic.name, number, 0) for number in ends])
        while len(found) < sum(ends.values()):
            assert time.monotonic() < deadline, "the topic ends too soon"
            # It waits this long for so many: a second would be lost at the end.
            for message in consumer.consume(num_messages=1_000, timeout=0.1):
                assert message.error() is None
                _, timestamp = message.timestamp()
                place = message.partition(), message.offset()
                found.append(Message(*place, timestamp, message.value()))
    finally:
        consumer.close()
    return found


@contextmanager
def penstock_connect(database: Database, topic: Topic) -> Iterator[None]:
    """Run `penstock connect` as an operator would, as the role that may only land; end it well."""
    command = [sys.executable, "-c", "from penstock.cli import main; main()"]
    command += ["connect", "--quiet", "--group", topic.name]
    environment = os.environ | {
        "PENSTOCK_CONNECTOR_URL": database.url_for("penstock_connector"),
        "PENSTOCK_KAFKA_BOOTSTRAP": topic.bootstrap,
    }
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as connector:
        try:
            yield
            connector.send_signal(signal.SIGTERM)
            assert connector.wait(20) == 0
        finally:
            connector.kill()


def of_every_kind(expected: Expected) -> bool:
    """Tell whether the messages were worth the test."""
    lists = expected.dead_letters, expected.events, expected.quarantined, expected.profiles
    return all(lists) and expected.duplicates > 0


def test_what_was_sent_is_what_a_reader_finds(warehouse: Database, topic: Topic) -> None:
    odd = hostile()
    sample = [message.value for message in messages(DEMO)]
    # Half of the sample comes after everything that could have broken something.
    with penstock_connect(warehouse, topic):
        topic.produce([*sample[::2], *odd, *sample[1::2]])
        wait_until_in(warehouse.connection, topic)

    expected = expect(read_topic(topic))
    assert expected.messages == DEMO + len(odd)
    assert of_every_kind(expected)
    assert_as_expected(warehouse.connection, expected, topic=topic.name)
    assert_all_views_maintained(warehouse.connection)


def test_kill_9_of_the_connector_loses_and_doubles_nothing(
    warehouse: Database, topic: Topic
) -> None:
    topic.produce([message.value for message in messages(DEMO // 2, seed=3)])
    url = warehouse.url_for("penstock_connector")
    settings = connector_settings(url, topic, rows=SMALL_BATCHES)
    for wanted in KILLED_AT:
        with ConnectorProcess(settings) as connector:
            while (landed := sum(stored_offsets(warehouse.connection, topic).values())) < wanted:
                assert connector.is_alive()
                time.sleep(0.01)
            connector.kill()
        assert landed < DEMO // 2, "it was done before it was killed"
    with ConnectorProcess(settings) as connector:
        wait_until_in(warehouse.connection, topic)
        assert connector.stop() == 0

    expected = expect(read_topic(topic))
    assert expected.messages == DEMO // 2
    assert of_every_kind(expected)
    assert_as_expected(warehouse.connection, expected, topic=topic.name)
    assert_all_views_maintained(warehouse.connection)
