"""Messages into the models' landing table, by hand or from a topic of a story's own."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
from oracle import Message, read_json

from penstock.testing import load_rows
from penstock.testing.streams import Topic

PROJECT = Path(__file__).parents[2]


def land(connection: psycopg.Connection, messages: list[Message], *, rows: int = 1_000) -> None:
    """Land messages without a connector, so many a statement; those that can be read."""
    readable = [message for message in messages if isinstance(read_json(message.value), dict)]
    for start in range(0, len(readable), rows):
        batch = readable[start : start + rows]
        load_rows(connection, "landed_events", [_row(message) for message in batch])


def _row(message: Message) -> dict[str, object]:
    assert message.value is not None
    return {
        "kafka_partition": message.partition,
        "kafka_offset": message.offset,
        "kafka_timestamp": datetime.fromtimestamp(message.timestamp_ms / 1_000, UTC),
        "payload": message.value.decode(),
    }


def subscribe(connection: psycopg.Connection, topic: Topic) -> None:
    """Have the models' source read a topic of the story's own."""
    connection.execute(
        "update penstock.subscriptions set topic = %s where landing_table = 'landed_events'",
        (topic.name,),
    )
