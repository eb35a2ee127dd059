"""What the connector reads beside the payload is what SQL reads from the payload."""

import psycopg
import pytest
from comparing import assert_all_views_maintained
from hostile import hostile
from landing import land
from oracle import Message as Landed

from penstock.demo.generator import messages
from penstock.sources.batch import Batch, Limits, Place
from penstock.sources.commit import commit
from penstock.sources.decode import Message
from penstock.sources.landing import read_subscriptions
from penstock.sources.offsets import begin
from penstock.testing.services import Database

PLACE = Place("events", 0)
RECEIVED_MS = 1_772_352_000_123
DIFFERING = """
with staged as (
    select kafka_partition, kafka_offset, (
        message_id, type, event, user_id, anonymous_id, previous_id, received_at, properties,
        traits, context, email, phone, occurred_at, source, invalid_fields
    )::text as fields
    from stg_events
)
select kafka_offset, fields from staged where kafka_partition = 0
except
select kafka_offset, fields from staged where kafka_partition = 1
"""

pytestmark = pytest.mark.timeout(120)


def values() -> list[bytes | None]:
    return [*hostile(), *(message.value for message in messages(2_000, seed=3))]


def connect(connection: psycopg.Connection, sent: list[bytes | None], start: int = 0) -> None:
    """Land messages in partition 0, as the connector does."""
    landings, refused = read_subscriptions(connection)
    assert refused == {}
    extract = landings["events"].extract
    assert extract is not None
    batch = Batch(Limits(), {"events": extract})
    read = [
        Message("events", 0, start + number, RECEIVED_MS, None, value, None)
        for number, value in enumerate(sent)
    ]
    batch.add(read, {PLACE: start}, now=0.0)
    commit(connection, landings, batch)


def extracted(connection: psycopg.Connection) -> tuple[int, int]:
    row = connection.execute("select count(extracted), count(*) from landed_events").fetchone()
    assert row is not None
    return row


def test_staging_reads_the_same_from_columns_and_from_the_payload(warehouse: Database) -> None:
    connection, sent = warehouse.connection, values()
    begin(connection, PLACE, 0)
    connect(connection, sent)
    plainly, landed = extracted(connection)
    assert 2_000 < plainly < landed

    # The same messages by another writer, who extracts nothing.
    others = [Landed(1, number, RECEIVED_MS, value) for number, value in enumerate(sent)]
    land(connection, others)
    assert extracted(connection)[0] == plainly

    differing = connection.execute(DIFFERING).fetchall()
    assert differing == []
    assert_all_views_maintained(connection)


def test_rows_read_under_another_declaration_are_read_from_their_payload(
    warehouse: Database,
) -> None:
    connection = warehouse.connection
    begin(connection, PLACE, 0)
    connection.execute(
        "update penstock.subscriptions set options ="
        " jsonb_set(options, '{extract_version}', '1') || jsonb_build_object('extract',"
        " options -> 'extract' || '{\"user_id\": \"nobody\"}')"
    )
    connect(connection, [b'{"messageId": "m", "type": "page", "userId": "u"}'])
    assert extracted(connection) == (1, 1)
    assert connection.execute("select user_id from events").fetchall() == [("u",)]
