"""The connector as a whole, with a real broker and a real server."""

import logging
import time
from collections.abc import Callable

import psycopg
import pytest
from confluent_kafka import Consumer, TopicPartition

from penstock.errors import PenstockError
from penstock.services.kafka import Broker
from penstock.services.mock import start_mock
from penstock.sources.stats import Stats
from penstock.testing.services import Database
from penstock.testing.streams import (
    Topic,
    assert_every_message_is_in_once,
    connector_settings,
    running_connector,
    stored_offsets,
    wait_until_in,
)


@pytest.fixture
def topic(kafka_broker: Broker, database: Database) -> Topic:
    topic = Topic(kafka_broker.bootstrap).create(partitions=2)
    topic.subscribe(database.connection)
    return topic


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.01)


def letters(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute('select error from penstock.dead_letters order by "offset"')
    return [row[0] for row in rows]


def objects(count: int, start: int = 0) -> list[bytes]:
    return [b'{"n": %d}' % number for number in range(start, start + count)]


def test_messages_land_with_all_that_came_with_them(database: Database, topic: Topic) -> None:
    headers = [("trace", b"7f"), ("trace", b"\xff")]
    with running_connector(connector_settings(database.url, topic)):
        topic.produce(
            [b'{"price": 1.10}'],
            partition=1,
            key=b"k\x00\xff",
            headers=headers,
            timestamp=1_700_000_000_123,
        )
        wait_until_in(database.connection, topic)

    got = database.connection.execute(
        "select kafka_partition, kafka_offset, extract(epoch from kafka_timestamp)::text,"
        " kafka_key, kafka_headers, payload->>'price' from landed_events"
    ).fetchall()
    want_headers = [{"key": "trace", "value": "7f"}, {"key": "trace", "base64": "/w=="}]
    assert got == [(1, 0, "1700000000.123000", b"k\x00\xff", want_headers, "1.10")]


HOSTILE = [
    b"",
    None,
    b"\xff\xfe{}",
    b"{",
    b"[]",
    b"0",
    b'{"a": NaN}',
    b'{"a": "\\u0000"}',
    b'{"a": "\\ud800"}',
    b'{"a": 1e999999}',
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"a": [' + b"{}," * 400_000 + b"oops]}",
]
HARMLESS = [
    b"{}",
    b'{"a": 1, "a": {"b": []}, "": null}',
    b'{"a": 1e400, "b": -0.0, "c": 1E-20}',
    b'{"a": "\\ud83d\\ude00 \xe2\x80\xa8"}',
    b'{"messageId": {"wrong": "type"}, "timestamp": []}',
    b'{"a": "' + b"x" * 10_000_000 + b'"}',
]


def test_hostile_messages_are_accounted_for_and_stop_nothing(
    database: Database, topic: Topic
) -> None:
    with running_connector(connector_settings(database.url, topic)):
        topic.produce([*HOSTILE, *HARMLESS, *HOSTILE, *HARMLESS], partition=0)
        wait_until_in(database.connection, topic)

    assert_every_message_is_in_once(database.connection, topic)
    assert len(letters(database.connection)) == 2 * len(HOSTILE)


def test_a_connector_resumes_where_the_last_one_ended(database: Database, topic: Topic) -> None:
    topic.produce(objects(500))
    with running_connector(connector_settings(database.url, topic, rows=50)):
        wait_until_in(database.connection, topic)
    topic.produce(objects(500))
    with running_connector(connector_settings(database.url, topic, rows=50)):
        wait_until_in(database.connection, topic)

    assert assert_every_message_is_in_once(database.connection, topic) == 1_000


def test_two_connectors_of_a_group_share_the_partitions(database: Database, topic: Topic) -> None:
    seen: dict[str, Stats] = {}
    settings = connector_settings(database.url, topic)
    with running_connector(settings, lambda stats: seen.update(first=stats)):
        wait_for(lambda: "first" in seen and seen["first"].partitions == 2)
        with running_connector(settings, lambda stats: seen.update(second=stats)):
            wait_for(lambda: [s.partitions for s in seen.values()] == [1, 1])
            topic.produce(objects(200))
            wait_until_in(database.connection, topic)
        # The second has said goodbye: the first need not wait for its session to time out.
        wait_for(lambda: seen["first"].partitions == 2, seconds=5)
        topic.produce(objects(200))
        wait_until_in(database.connection, topic)

    assert assert_every_message_is_in_once(database.connection, topic) == 400


def test_new_partitions_are_picked_up(database: Database, topic: Topic) -> None:
    with running_connector(connector_settings(database.url, topic)):
        topic.produce(objects(10))
        wait_until_in(database.connection, topic)
        topic.add_partitions(5)
        topic.produce(objects(50))
        wait_until_in(database.connection, topic)

    assert assert_every_message_is_in_once(database.connection, topic) == 60
    assert set(stored_offsets(database.connection, topic)) == {0, 1, 2, 3, 4}


def test_a_new_subscription_is_picked_up(
    database: Database, topic: Topic, kafka_broker: Broker
) -> None:
    late = Topic(kafka_broker.bootstrap).create(partitions=1)
    late.produce(objects(20))
    with running_connector(connector_settings(database.url, topic)):
        topic.produce(objects(10))
        wait_until_in(database.connection, topic)
        late.subscribe(database.connection, "landed_late")
        wait_until_in(database.connection, late)
        topic.produce(objects(10))
        wait_until_in(database.connection, topic)

        assert assert_every_message_is_in_once(database.connection, late, "landed_late") == 20
        database.connection.execute(
            "delete from penstock.subscriptions where topic = %s", (topic.name,)
        )
        late.produce(objects(5))
        wait_until_in(database.connection, late)

    assert assert_every_message_is_in_once(database.connection, topic) == 20


def test_a_topic_and_a_landing_table_that_do_not_exist_yet_are_waited_for(
    database: Database, kafka_broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "penstock.connect")
    topic = Topic(kafka_broker.bootstrap)
    database.connection.execute(
        "insert into penstock.subscriptions (topic, landing_schema, landing_table, format, options)"
        " values (%s, 'public', 'landed_events', 'json', '{}')",
        (topic.name,),
    )
    with running_connector(connector_settings(database.url, topic)):
        wait_for(lambda: "public.landed_events does not exist" in caplog.text)
        database.connection.execute("delete from penstock.subscriptions")
        topic.subscribe(database.connection)
        wait_for(lambda: f"topic {topic.name} does not exist yet" in caplog.text)
        topic.create(partitions=1)
        topic.produce(objects(10))
        wait_until_in(database.connection, topic)

    assert caplog.text.count("does not exist yet") == 1
    assert caplog.text.count("public.landed_events does not exist") == 1


def test_aborted_transactions_do_not_land_and_offsets_pass_them(
    database: Database, topic: Topic
) -> None:
    producer = topic.producer(**{"transactional.id": topic.name})
    producer.init_transactions(30)
    with running_connector(connector_settings(database.url, topic)):
        for number in range(6):
            producer.begin_transaction()
            producer.produce(topic.name, b'{"n": %d}' % number, partition=0)
            producer.produce(topic.name, b'{"n": %d}' % number, partition=1)
            producer.flush(30)
            if number % 2:
                producer.abort_transaction(30)
            else:
                producer.commit_transaction(30)
        # The last offsets are the aborted message and its marker: passed all the same.
        assert wait_until_in(database.connection, topic) == {0: 12, 1: 12}

    got = database.connection.execute(
        "select kafka_offset, payload->>'n' from landed_events where kafka_partition = 0 order by 1"
    ).fetchall()
    assert got == [(0, "0"), (4, "2"), (8, "4")]
    assert letters(database.connection) == []


def test_messages_that_kafka_deleted_unread_are_told_and_stepped_over(
    database: Database, topic: Topic, caplog: pytest.LogCaptureFixture
) -> None:
    settings = connector_settings(database.url, topic)
    topic.produce(objects(30), partition=0)
    with running_connector(settings):
        wait_until_in(database.connection, topic)
    topic.produce(objects(30, start=30), partition=0)
    topic.delete_records_before(0, 50)
    with running_connector(settings):
        wait_until_in(database.connection, topic)

    want = "offsets 30 to 49 were deleted by Kafka before they were read (20 messages at most)"
    assert letters(database.connection) == [want]
    assert f"{topic.name} partition 0: {want}" in caplog.text
    got = database.connection.execute("select count(*) from landed_events").fetchone()
    assert got == (40,)


def test_a_first_start_takes_what_kafka_still_has(database: Database, topic: Topic) -> None:
    topic.produce(objects(30), partition=0)
    topic.delete_records_before(0, 20)
    with running_connector(connector_settings(database.url, topic)):
        wait_until_in(database.connection, topic)

    assert letters(database.connection) == []
    got = database.connection.execute("select count(*) from landed_events").fetchone()
    assert got == (10,)


def test_an_offset_that_kafka_has_not_reached_is_told_and_waits_for_the_operator(
    database: Database, topic: Topic, caplog: pytest.LogCaptureFixture
) -> None:
    topic.produce(objects(10), partition=0)
    database.connection.execute(
        "insert into penstock.source_offsets (topic, partition, next_offset) values (%s, 0, 500)",
        (topic.name,),
    )
    with running_connector(connector_settings(database.url, topic)):
        wait_for(lambda: "Kafka ends at offset 10, but 500 is stored" in caplog.text)
        topic.produce(objects(10), partition=1)
        wait_for(lambda: stored_offsets(database.connection, topic)[1] == 10)
        assert stored_offsets(database.connection, topic) == {0: 500, 1: 10}
        database.connection.execute(
            "delete from penstock.source_offsets where topic = %s and partition = 0", (topic.name,)
        )
        wait_until_in(database.connection, topic)

    assert assert_every_message_is_in_once(database.connection, topic) == 20


def test_kafka_is_told_where_we_are_for_its_own_tools(database: Database, topic: Topic) -> None:
    topic.produce(objects(30))
    settings = connector_settings(database.url, topic)
    with running_connector(settings):
        wait_until_in(database.connection, topic)

    consumer = Consumer({"bootstrap.servers": topic.bootstrap, "group.id": settings.group})
    committed = consumer.committed([TopicPartition(topic.name, n) for n in (0, 1)], timeout=10)
    consumer.close()
    assert [place.offset for place in committed] == [15, 15]


def test_stats_tell_the_progress(database: Database, topic: Topic) -> None:
    seen: list[Stats] = []
    topic.produce([*objects(99), b"oops"])
    with running_connector(connector_settings(database.url, topic), seen.append):
        wait_for(lambda: bool(seen) and seen[-1].messages == 100 and seen[-1].partitions == 2)

    got = seen[-1]
    assert got.dead_letters == 1
    assert got.lag == 0
    assert got.waiting_for is None
    assert got.freshness_seconds is not None
    assert 0 < got.freshness_seconds < 60


def test_a_database_url_that_is_none_is_an_error_without_the_password(topic: Topic) -> None:
    settings = connector_settings("postgresql://me:secret@host/db?no_such=option", topic)

    with pytest.raises(PenstockError) as raised, running_connector(settings):
        time.sleep(1.0)

    assert raised.value.primary == "the database URL cannot be read"
    assert "secret" not in str(raised.value)


def test_a_database_that_does_not_exist_yet_is_waited_for(
    database: Database, topic: Topic, caplog: pytest.LogCaptureFixture
) -> None:
    url = database.server.url_for("penstock", "not_yet")
    with running_connector(connector_settings(url, topic)):
        wait_for(lambda: 'database "not_yet" does not exist; waiting' in caplog.text)
        time.sleep(1.5)
        with psycopg.connect(database.server.url, autocommit=True) as superuser:
            superuser.execute("create database not_yet owner penstock")
        wait_for(lambda: "PostgreSQL: back" in caplog.text)
        # It has no schema penstock: that is told too, and waited for.
        wait_for(lambda: 'relation "penstock.subscriptions" does not exist' in caplog.text)

    assert caplog.text.count("not_yet") == 1
    with psycopg.connect(database.server.url, autocommit=True) as superuser:
        superuser.execute("drop database not_yet with (force)")


def test_a_message_is_visible_within_milliseconds(database: Database, topic: Topic) -> None:
    producer = topic.producer(**{"linger.ms": 0})
    producer.list_topics(topic.name, timeout=10)
    took = []
    with running_connector(connector_settings(database.url, topic)):
        topic.produce(objects(2))
        wait_until_in(database.connection, topic)
        for number in range(1, 31):
            start = time.monotonic()
            producer.produce(topic.name, b"{}", partition=0)
            producer.flush(10)
            wait_for(lambda n=number: stored_offsets(database.connection, topic)[0] > n)
            took.append(time.monotonic() - start)

    # Measured: 4 ms alone on 2 cores; the poll above adds up to 10, and the machine is shared.
    assert sorted(took)[len(took) // 2] < 0.05


def test_an_option_that_the_client_does_not_know_is_an_error(
    database: Database, topic: Topic
) -> None:
    settings = connector_settings(database.url, topic, **{"no.such.option": "x"})

    with pytest.raises(PenstockError) as raised, running_connector(settings):
        time.sleep(1.0)

    assert raised.value.primary == "the Kafka client refuses its options"
    assert "no.such.option" in (raised.value.detail or "")


def test_the_in_process_broker_serves_where_there_is_no_java(database: Database) -> None:
    with start_mock() as mock:
        topic = Topic(mock.bootstrap)
        producer = topic.producer(**{"enable.idempotence": False})
        topic.subscribe(database.connection)
        with running_connector(connector_settings(database.url, topic, rows=100)):
            for number in range(1_000):
                producer.produce(topic.name, b"oops" if number == 7 else b'{"n": %d}' % number)
            assert producer.flush(30) == 0
            wait_until_in(database.connection, topic)

        assert assert_every_message_is_in_once(database.connection, topic) == 1_000
    assert len(letters(database.connection)) == 1


def test_a_connector_that_kafka_takes_for_an_impostor_joins_anew(
    database: Database, topic: Topic, caplog: pytest.LogCaptureFixture
) -> None:
    settings = connector_settings(database.url, topic)
    with running_connector(settings):
        topic.produce(objects(10))
        wait_until_in(database.connection, topic)
        # The same name, from somewhere else: Kafka shuts the older one out, as it must.
        impostor = Consumer(
            {
                "bootstrap.servers": topic.bootstrap,
                "group.id": settings.group,
                "group.instance.id": f"{settings.group}-0",
                "session.timeout.ms": 6_000,
            }
        )
        impostor.subscribe([topic.name])
        wait_for(lambda: impostor.poll(0.1) is None and bool(impostor.assignment()))
        wait_for(lambda: "joining anew" in caplog.text)
        impostor.close()
        topic.produce(objects(10))
        wait_until_in(database.connection, topic)

    assert assert_every_message_is_in_once(database.connection, topic) == 20
