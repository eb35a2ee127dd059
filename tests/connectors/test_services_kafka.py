"""A broker of our own keeps what it acknowledged, and its absence is told plainly."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer

from penstock.errors import PenstockError
from penstock.services import jars
from penstock.services.jars import BrokerUnavailable, find_java, resolve_jars
from penstock.services.kafka import Broker, running_kafka, start_kafka
from penstock.services.mock import start_mock


@pytest.fixture
def own_broker(kafka_broker: Broker, tmp_path: Path) -> Iterator[Broker]:
    """A broker that a test may kill, with the session broker's jars."""
    broker = start_kafka(tmp_path / "kafka", libs=kafka_broker.libs)
    yield broker
    running = running_kafka(broker.data_dir)
    if running is not None:
        running.stop()


def produce(bootstrap: str, topic: str, *values: bytes) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True})
    failed = []
    for value in values:
        producer.produce(topic, value, on_delivery=lambda error, _: error and failed.append(error))
    assert producer.flush(30) == 0
    assert not failed


def consume(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": topic, "auto.offset.reset": "earliest"}
    )
    consumer.subscribe([topic])
    try:
        messages = consumer.consume(count, timeout=30)
        return sorted(message.value() or b"" for message in messages if not message.error())
    finally:
        consumer.close()


def test_acknowledged_messages_survive_kill_9_on_the_same_port(own_broker: Broker) -> None:
    produce(own_broker.bootstrap, "kept", b"a", b"b")
    own_broker.kill()
    assert not own_broker.is_alive()
    assert running_kafka(own_broker.data_dir) is None
    with own_broker.restart() as again:
        assert again.bootstrap == own_broker.bootstrap
        assert consume(again.bootstrap, "kept", 2) == [b"a", b"b"]


def test_a_running_broker_is_found_and_its_ports_are_taken_again(own_broker: Broker) -> None:
    found = running_kafka(own_broker.data_dir)
    assert found is not None
    assert (found.pid, found.bootstrap) == (own_broker.pid, own_broker.bootstrap)
    with pytest.raises(PenstockError, match="already runs"):
        start_kafka(own_broker.data_dir, libs=own_broker.libs)
    found.stop()
    with start_kafka(own_broker.data_dir, libs=own_broker.libs) as again:
        assert again.bootstrap == own_broker.bootstrap


def test_ten_megabytes_fit_in_a_message(kafka_broker: Broker) -> None:
    large = b"x" * (10 << 20)
    producer = Producer(
        {"bootstrap.servers": kafka_broker.bootstrap, "message.max.bytes": 20 << 20}
    )
    errors = []
    producer.produce("large", large, on_delivery=lambda error, _: errors.append(error))
    assert producer.flush(30) == 0
    assert errors == [None]


def test_the_jars_are_resolved_once(kafka_broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert resolve_jars(kafka_broker.libs) == kafka_broker.libs


class TestMissing:
    """Every reason for having no broker is one error that names it."""

    @pytest.fixture(autouse=True)
    def nothing_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "which", lambda _: None)
        monkeypatch.delenv("JAVA_HOME", raising=False)
        monkeypatch.setattr(jars.util, "find_spec", lambda _: None)

    def test_java(self) -> None:
        with pytest.raises(BrokerUnavailable, match="Java 17 or newer is missing") as caught:
            find_java()
        assert "PENSTOCK_KAFKA_BOOTSTRAP" in str(caught.value.hint)

    def test_a_java_that_is_too_old(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        java = tmp_path / "bin" / "java"
        java.parent.mkdir()
        java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
        java.chmod(0o755)
        monkeypatch.setenv("JAVA_HOME", str(tmp_path))
        with pytest.raises(BrokerUnavailable) as caught:
            find_java()
        assert caught.value.detail == f"{java}: Java 11"

    def test_maven(self, tmp_path: Path) -> None:
        with pytest.raises(BrokerUnavailable, match="Maven is missing"):
            resolve_jars(tmp_path / "libs")

    def test_the_way_to_the_jars(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        maven = tmp_path / "mvn"
        maven.write_text("#!/bin/sh\necho 'Unknown host repo.example'\nexit 1\n")
        maven.chmod(0o755)
        monkeypatch.setattr(shutil, "which", lambda _: str(maven))
        with pytest.raises(BrokerUnavailable, match="could not fetch") as caught:
            resolve_jars(tmp_path / "libs")
        assert caught.value.detail == "Unknown host repo.example"
        assert list(tmp_path.glob("libs*")) == []


def test_the_mock_broker_takes_and_gives_messages() -> None:
    with start_mock() as mock:
        produce(mock.bootstrap, "small", b"a", b"b")
        assert consume(mock.bootstrap, "small", 2) == [b"a", b"b"]
