"""A day at the demo's shop: its messages, landed as the connector lands them. No Kafka."""

from pathlib import Path
from zlib import crc32

import psycopg

from penstock.demo.generator import START, messages
from penstock.sources.batch import Batch, Limits, Place
from penstock.sources.commit import commit
from penstock.sources.decode import Message
from penstock.sources.landing import read_subscriptions
from penstock.sources.offsets import begin

PROJECT = Path(__file__).parents[2]
TOPIC = "events"
PARTITIONS = 3
MESSAGES = 2_000


def shop_messages(count: int) -> list[Message]:
    """Give messages with the places and times that a broker would give them."""
    ends = [0] * PARTITIONS
    began = int(START.timestamp() * 1000)
    given = []
    for number, message in enumerate(messages(count)):
        partition = crc32(message.key or b"") % PARTITIONS
        place = partition, ends[partition], began + 60 * number
        given.append(Message(TOPIC, *place, message.key, message.value, None))
        ends[partition] += 1
    return given


def land(connection: psycopg.Connection, given: list[Message]) -> None:
    """Land them in one transaction: rows, dead letters and offsets."""
    positions = {Place(TOPIC, partition): 0 for partition in range(PARTITIONS)}
    for place in positions:
        begin(connection, place, 0)
    landings, refused = read_subscriptions(connection)
    assert refused == {}
    batch = Batch(Limits())
    batch.add(given, positions, now=0.0)
    commit(connection, landings, batch)
