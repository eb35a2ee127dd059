"""Where the models do less than the contract says, each gap as a test that must fail.

And what follows until they are closed: such a message is accounted for, and stops nothing.
"""

import json
import random
import string

import psycopg
import pytest
from comparing import (
    assert_all_views_maintained,
    read_dead_letters,
    read_events,
)
from hostile import event
from landing import land, subscribe
from oracle import Message

from penstock.services.kafka import Broker
from penstock.testing.services import Database
from penstock.testing.streams import (
    Topic,
    connector_settings,
    running_connector,
    wait_until_in,
)

# Letters at random: a page of `xxx` would be compressed until it fits.
LONG = "".join(random.Random(1).choices(string.ascii_letters, k=9_000))  # noqa: S311
HUGE = b"9e131071"


def landed(database: Database, *events: dict[str, object]) -> None:
    values = [json.dumps(value).encode().replace(b'"HUGE"', HUGE) for value in events]
    land(
        database.connection,
        [Message(0, offset, 1_772_359_200_000, value) for offset, value in enumerate(values)],
        rows=1,
    )


@pytest.mark.xfail(
    strict=True,
    raises=psycopg.errors.ProgramLimitExceeded,
    reason="keys of state tables are B-tree entries, which end at 2,704 bytes",
)
@pytest.mark.parametrize(
    "fields",
    [
        {"messageId": LONG},
        {"userId": LONG},
        {"anonymousId": LONG},
        {"traits": {"email": f"{LONG}@example.com"}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_text_of_any_length_is_accepted(warehouse: Database, fields: dict[str, object]) -> None:
    landed(warehouse, event(1, **fields))
    assert len(read_events(warehouse.connection)) == 1


@pytest.mark.xfail(
    strict=True,
    raises=psycopg.errors.NumericValueOutOfRange,
    reason="the sum of a profile's revenue is a numeric, which ends at 131,072 digits",
)
def test_any_numbers_add_up(warehouse: Database) -> None:
    landed(warehouse, *(event(number, properties={"revenue": "HUGE"}) for number in range(2)))
    assert len(read_events(warehouse.connection)) == 2


def test_what_no_state_can_hold_is_a_dead_letter_and_stops_nothing(
    warehouse: Database, kafka_broker: Broker
) -> None:
    topic = Topic(kafka_broker.bootstrap).create(partitions=1)
    subscribe(warehouse.connection, topic)
    events = [
        event("before"),
        event("long-user", userId=LONG),
        event(LONG),
        event("huge-1", properties={"revenue": "HUGE"}),
        event("huge-2", properties={"revenue": "HUGE"}),
        event("after"),
    ]
    topic.produce(json.dumps(value).encode().replace(b'"HUGE"', HUGE) for value in events)
    url = warehouse.url_for("penstock_connector")
    with running_connector(connector_settings(url, topic)):
        wait_until_in(warehouse.connection, topic)

    dead = read_dead_letters(warehouse.connection, topic.name)
    accepted = {found.message_id for found in read_events(warehouse.connection)}
    assert len(dead) + len(accepted) == len(events)
    assert {(0, 1), (0, 2)} <= dead
    assert len(dead) == 3, "one of the two that do not add up"
    assert {"hostile-before", "hostile-after"} <= accepted
    assert_all_views_maintained(warehouse.connection)
