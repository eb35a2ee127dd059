"""`penstock profile` beside a connector that runs."""

import json

import pytest
from click.testing import CliRunner

from penstock import cli
from penstock.control import CONNECTOR
from penstock.profiling import profile
from penstock.services.kafka import Broker
from penstock.testing.services import Database
from penstock.testing.stories import StoryView
from penstock.testing.streams import (
    Topic,
    connector_settings,
    running_connector,
    wait_until_in,
)
from penstock.testing.telling import deploy_view

COUNTS = StoryView(
    "counts", "select kafka_partition, count(*) as n from landed_events group by kafka_partition"
)


@pytest.fixture
def topic(kafka_broker: Broker, database: Database) -> Topic:
    topic = Topic(kafka_broker.bootstrap).create(partitions=2)
    topic.subscribe(database.connection)
    deploy_view(database.connection, COUNTS)
    return topic


def test_a_connector_is_timed_while_somebody_watches(
    database: Database, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = iter(range(1_000))

    def send(_: float) -> None:
        topic.produce([b'{"n": %d}' % next(sent)] * 10)

    # As the connector of a real installation: it may insert here, and no more.
    settings = connector_settings(database.url_for(CONNECTOR), topic)
    with running_connector(settings):
        send(0)
        wait_until_in(database.connection, topic)
        assert database.connection.execute("table penstock.timed_batches").fetchall() == []
        found = profile(database.connection, 3, send)
        monkeypatch.setenv("PENSTOCK_DATABASE_URL", database.url)
        for _ in range(3):
            send(0)
        done = CliRunner().invoke(cli.cli, ["profile", "--seconds", "2", "--json"])

    assert found.connectors == 1
    assert found.events >= found.batches > 1
    assert found.bytes_an_event == pytest.approx(9, abs=2)
    assert [model.name for model in found.models] == ["public.counts"]
    names = [phase.name for phase in found.phases]
    for name in ("waiting", "offsets", "copy", "maintenance", "commit", "read", "decode"):
        assert name in names
    assert sum(p.share for p in found.phases if p.name not in ("read", "decode")) == pytest.approx(
        1
    )
    assert found.wal_an_event is not None
    assert found.wal_an_event > 100
    if done.exit_code == 0:  # else nothing came in after the connector had noticed
        assert json.loads(done.stdout)["connectors"] == 1
