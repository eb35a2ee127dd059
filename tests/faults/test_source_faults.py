"""kill -9 of the connector, of PostgreSQL, of Kafka; zombies. Each message is in exactly once.

The landing tables have no key here: with one, a message read twice would be recognized, and hide
that offsets and rows parted. `make soak` kills ten times as often; PENSTOCK_FAULT_SEED repeats a
run's moments and messages.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from penstock.control import OWNER, create_roles, ensure_control_plane
from penstock.services.kafka import Broker, start_kafka
from penstock.services.postgres import Server, start_postgres
from penstock.sources.settings import ConnectorSettings
from penstock.testing.services import Database, server_place
from penstock.testing.streams import (
    ConnectorProcess,
    Feed,
    Topic,
    assert_every_message_is_in_once,
    connector_settings,
    running_connector,
    stored_offsets,
    wait_until_in,
)

SEED = int(os.environ.get("PENSTOCK_FAULT_SEED", str(int(time.time()))))
FACTOR = 10 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 1
# Many commits a second, so that most kills hit one.
SMALL_BATCHES = 100

pytestmark = pytest.mark.timeout(180 * FACTOR)


@pytest.fixture
def random_source() -> random.Random:
    print(f"PENSTOCK_FAULT_SEED={SEED}")  # noqa: T201 (shown where a test fails)
    return random.Random(SEED)  # noqa: S311 (repeatable, no secret)


@pytest.fixture
def topic(kafka_broker: Broker, database: Database) -> Topic:
    topic = Topic(kafka_broker.bootstrap).create(partitions=3)
    topic.subscribe(database.connection, keyed=False)
    return topic


def landed(connection: psycopg.Connection, topic: Topic) -> int:
    return sum(stored_offsets(connection, topic).values())


def wait_for_progress(connection: psycopg.Connection, topic: Topic, seconds: float = 30.0) -> None:
    """Wait until something more is in."""
    before, deadline = landed(connection, topic), time.monotonic() + seconds
    while landed(connection, topic) <= before:
        assert time.monotonic() < deadline, "nothing lands"
        time.sleep(0.01)


def test_kill_9_of_the_connector_at_50_random_moments(
    database: Database, topic: Topic, random_source: random.Random
) -> None:
    settings = connector_settings(database.url, topic, rows=SMALL_BATCHES)
    progressed, before = 0, 0
    with Feed(topic, rate=3_000, seed=SEED) as feed:
        for number in range(50 * FACTOR):
            with ConnectorProcess(settings) as connector:
                if number % 2:
                    # While it starts, joins the group, reads the first messages.
                    time.sleep(random_source.uniform(0.1, 0.9))
                else:
                    wait_for_progress(database.connection, topic)
                    time.sleep(random_source.uniform(0.0, 0.1))
                connector.kill()
            now = landed(database.connection, topic)
            progressed += now > before
            before = now
        with ConnectorProcess(settings):
            wait_for_progress(database.connection, topic)
    with ConnectorProcess(settings) as connector:
        wait_until_in(database.connection, topic)
        assert connector.stop() == 0
    assert assert_every_message_is_in_once(database.connection, topic) == feed.produced
    assert progressed >= 25 * FACTOR


def test_two_connectors_fight_over_partitions(
    database: Database, topic: Topic, random_source: random.Random
) -> None:
    """Two connectors of one group; one is killed, ended, or held until it is a zombie."""
    settings = connector_settings(
        database.url, topic, rows=SMALL_BATCHES, **{"session.timeout.ms": 6_000}
    )
    with Feed(topic, rate=2_000, seed=SEED) as feed, ExitStack() as stack:
        two = [stack.enter_context(ConnectorProcess(settings)) for _ in range(2)]
        wait_for_progress(database.connection, topic)
        for number in range(8 * FACTOR):
            place = number % 2
            time.sleep(random_source.uniform(0.2, 0.8))
            match random_source.randrange(3):
                case 0:
                    two[place].kill()
                case 1:
                    assert two[place].stop() == 0
                case 2:
                    two[place].pause()
                    time.sleep(random_source.uniform(0.1, 1.0))
                    two[place].resume()
            if not two[place].is_alive():
                two[place] = stack.enter_context(ConnectorProcess(settings))
        # Held past Kafka's patience: the other takes its partitions, then it comes back.
        zombie, heir = two
        wait_for_progress(database.connection, topic)
        zombie.pause()
        before = stored_offsets(database.connection, topic)
        deadline = time.monotonic() + 30
        while any(
            offset <= before.get(partition, 0)
            for partition, offset in stored_offsets(database.connection, topic).items()
        ):
            assert time.monotonic() < deadline, "the other connector does not take over"
            time.sleep(0.05)
        zombie.resume()
        wait_for_progress(database.connection, topic)
        assert zombie.is_alive()
        assert heir.is_alive()
        assert zombie.stop() == 0
        wait_for_progress(database.connection, topic)
        assert heir.stop() == 0
    with ConnectorProcess(settings):
        wait_until_in(database.connection, topic)
    assert assert_every_message_is_in_once(database.connection, topic) == feed.produced


def wait_until_a_connector_waits_for_a_lock(
    connection: psycopg.Connection, seconds: float = 30.0, *, waits: bool = True
) -> None:
    """Wait until one does; or, with `waits` false, until none does."""
    deadline = time.monotonic() + seconds
    waiting = (
        "select from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
        " and application_name like 'penstock connect%'"
    )
    while (connection.execute(waiting).fetchone() is not None) != waits:
        assert time.monotonic() < deadline, f"a connector waits for a lock: {not waits}"
        time.sleep(0.01)


def freeze_in_a_commit(database: Database, topic: Topic, connector: ConnectorProcess) -> None:
    """Hold a connector where it has advanced its offsets and not committed."""
    topic.produce([b"{}"] * 30)
    wait_until_in(database.connection, topic)
    with database.connect(autocommit=False) as blocker:
        blocker.execute("lock table landed_events in exclusive mode")
        topic.produce([b"{}"] * 30)
        wait_until_a_connector_waits_for_a_lock(database.connection)
        connector.pause()
    # Its session has the lock in a moment; a look for one that waits must not find this one.
    wait_until_a_connector_waits_for_a_lock(database.connection, waits=False)


def test_a_zombie_wakes_up_in_the_middle_of_its_commit(database: Database, topic: Topic) -> None:
    """Its heir has read the same offsets by then, and waits: one of the two must lose."""
    settings = connector_settings(database.url, topic, **{"session.timeout.ms": 6_000})
    with ConnectorProcess(settings) as zombie:
        freeze_in_a_commit(database, topic, zombie)
        with ConnectorProcess(settings) as heir:
            wait_until_a_connector_waits_for_a_lock(database.connection)
            zombie.resume()
            topic.produce([b"{}"] * 30)
            wait_until_in(database.connection, topic)
            assert heir.stop() == 0
        topic.produce([b"{}"] * 30)
        wait_until_in(database.connection, topic)
        assert zombie.stop() == 0
    assert assert_every_message_is_in_once(database.connection, topic) == 120


def test_a_connector_that_never_wakes_up_does_not_hold_the_others(
    database: Database, topic: Topic
) -> None:
    settings = connector_settings(database.url, topic, **{"session.timeout.ms": 6_000})
    with ConnectorProcess(settings) as frozen:
        freeze_in_a_commit(database, topic, frozen)
        with ConnectorProcess(settings):
            wait_until_in(database.connection, topic)
            frozen.resume()
            topic.produce([b"{}"] * 30)
            wait_until_in(database.connection, topic)
            assert frozen.stop() == 0
    assert assert_every_message_is_in_once(database.connection, topic) == 90


@pytest.fixture
def durable_server() -> Iterator[Server]:
    """A server of this test's own, with fsync, in the hands of the test."""
    with server_place(durable=True) as place, start_postgres(place, durable=True) as server:
        create_roles(server.url, "penstock")
        ensure_control_plane(server.url_for(OWNER, "penstock"))
        yield server


def test_kill_9_of_postgresql(
    durable_server: Server,
    kafka_broker: Broker,
    random_source: random.Random,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = durable_server
    topic = Topic(kafka_broker.bootstrap).create(partitions=3)
    url = server.url_for(OWNER, "penstock")
    with psycopg.connect(url, autocommit=True) as connection:
        topic.subscribe(connection, keyed=False)
    settings = connector_settings(url, topic, rows=SMALL_BATCHES)
    with ExitStack() as servers:
        with Feed(topic, rate=2_000, seed=SEED) as feed, running_connector(settings) as connector:
            for _ in range(4 * FACTOR):
                with psycopg.connect(url, autocommit=True) as connection:
                    wait_for_progress(connection, topic)
                time.sleep(random_source.uniform(0.0, 0.5))
                server.kill()
                time.sleep(random_source.uniform(0.0, 0.5))
                server = servers.enter_context(
                    start_postgres(
                        server.data_dir, port=server.port, binaries=server.binaries, durable=True
                    )
                )
                assert connector.is_alive()
            with psycopg.connect(url, autocommit=True) as connection:
                wait_for_progress(connection, topic)
        with (
            psycopg.connect(url, autocommit=True) as connection,
            running_connector(settings),
        ):
            wait_until_in(connection, topic)
            assert assert_every_message_is_in_once(connection, topic) == feed.produced
    # Each outage is told once, and its end once.
    assert caplog.text.count("; waiting") == caplog.text.count(": back")
    assert 1 <= caplog.text.count("; waiting") <= 4 * FACTOR


def test_kill_9_of_kafka(
    database: Database,
    kafka_broker: Broker,
    tmp_path: Path,
    random_source: random.Random,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Kill a broker of the test's own: the session's is others' too."""
    with ExitStack() as brokers:
        broker = brokers.enter_context(start_kafka(tmp_path / "kafka", libs=kafka_broker.libs))
        topic = Topic(broker.bootstrap).create(partitions=3)
        topic.subscribe(database.connection, keyed=False)
        settings = connector_settings(database.url, topic, rows=SMALL_BATCHES)
        with Feed(topic, rate=2_000, seed=SEED) as feed, running_connector(settings) as connector:
            for _ in range(2 * FACTOR):
                wait_for_progress(database.connection, topic)
                time.sleep(random_source.uniform(0.0, 0.5))
                broker.kill()
                time.sleep(random_source.uniform(0.0, 0.5))
                broker = brokers.enter_context(broker.restart())
                assert connector.is_alive()
            wait_for_progress(database.connection, topic)
        with running_connector(settings):
            wait_until_in(database.connection, topic)
        assert assert_every_message_is_in_once(database.connection, topic) == feed.produced
    assert caplog.text.count("; waiting") == caplog.text.count(": back")
    assert 1 <= caplog.text.count("; waiting") <= 2 * FACTOR


def test_a_connector_is_ended_in_the_middle_of_a_batch(database: Database, topic: Topic) -> None:
    """SIGTERM while the commit is held up by a lock: abandoned as a whole, status 0."""
    settings: ConnectorSettings = connector_settings(database.url, topic)
    with ConnectorProcess(settings) as connector:
        topic.produce([b"{}"] * 30)
        wait_until_in(database.connection, topic)
        with database.connect(autocommit=False) as blocker:
            blocker.execute("lock table landed_events in exclusive mode")
            topic.produce([b"{}"] * 30)
            time.sleep(0.5)
            assert connector.stop() == 0
        assert landed(database.connection, topic) == 30
    with ConnectorProcess(settings) as connector:
        wait_until_in(database.connection, topic)
        assert connector.stop() == 0
    assert assert_every_message_is_in_once(database.connection, topic) == 60


def peak_megabytes(pid: int) -> float:
    """Read the most memory a process had resident."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmHWM")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
def test_memory_stays_flat_on_a_backlog(database: Database, topic: Topic) -> None:
    """200,000 small messages, 30 of 10 MB, and 10 of a kind that would fill Python's memory."""
    small = b'{"text": "%s"}' % (b"x" * 600)
    topic.produce(small for _ in range(200_000))
    topic.produce(b'{"text": "%s"}' % (b"%x" % n * 10_000_000)[:10_000_000] for n in range(30))
    topic.produce(b'{"list": [' + b"{}," * 300_000 + b"{}]}" for _ in range(10))
    with ConnectorProcess(connector_settings(database.url, topic)) as connector:
        wait_until_in(database.connection, topic)
        got = peak_megabytes(connector.pid)
        assert connector.stop() == 0
    assert_every_message_is_in_once(database.connection, topic)
    assert got <= 300, f"{got:.0f} MB"
    print(f"peak {got:.0f} MB")  # noqa: T201
