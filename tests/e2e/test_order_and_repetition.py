"""However messages arrive, again and in whatever order, readers find the same."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from comparing import assert_all_views_maintained, assert_as_expected
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from landing import land
from oracle import Event, Expected, Message, expect

from penstock.demo.generator import messages
from penstock.services.postgres import Server
from penstock.testing.services import Database, fresh_database

SAMPLE = 60
# Every fourth of the sample has another delivery, which says something else.
OTHER_DELIVERIES = 4
KAFKA_TIME_MS = 1_772_359_200_000


@dataclass(frozen=True)
class Arrival:
    """How a topic's messages arrive: their order, how many at once, over how many partitions."""

    order: tuple[int, ...]
    rows: int
    partitions: int


@pytest.fixture(scope="module")
def shared(postgres_server: Server, deployed: str) -> Iterator[Database]:
    """One database for all arrivals; each begins with an empty landing table."""
    with fresh_database(postgres_server, "e2e_arrivals", template=deployed) as database:
        yield database


def sample() -> list[bytes]:
    """Give messages that meet in a few people; each receivedAt is there once."""
    found: list[dict[str, Any]] = []
    for message in messages(SAMPLE * 2, seed=1):
        try:
            event = json.loads(message.value or b"")
        except ValueError:
            continue
        if isinstance(event, dict) and "messageId" in event:
            found.append(event)
    chosen = found[:SAMPLE]
    chosen += [
        event | {"userId": f"other-{n}"} for n, event in enumerate(chosen[::OTHER_DELIVERIES])
    ]
    for number, event in enumerate(chosen):
        # Of two deliveries of a messageId, now the one and now the other is the earlier.
        minute, second = divmod(number * 37 % len(chosen), 60)
        event["receivedAt"] = f"2026-03-01T12:{minute:02}:{second:02}Z"
    return [json.dumps(event).encode() for event in chosen]


VALUES = sample()


def arrived(arrival: Arrival) -> list[Message]:
    """Place messages on partitions in turn, in the order of arrival."""
    placed = []
    for number, index in enumerate(arrival.order):
        offset, partition = divmod(number, arrival.partitions)
        placed.append(Message(partition, offset, KAFKA_TIME_MS, VALUES[index]))
    return placed


def without_place(event: Event) -> Event:
    return event._replace(kafka_partition=-1, kafka_offset=-1)


def meaning(expected: Expected) -> tuple[Any, ...]:
    """Say what must not depend on the arrival."""
    return (
        {without_place(event) for event in expected.events},
        {(without_place(event), violations) for event, violations in expected.quarantined},
        set(expected.profiles),
    )


@st.composite
def arrivals(draw: st.DrawFn) -> Arrival:
    """Every message once or twice, shuffled."""
    again = draw(st.sampled_from([1, 2]))
    order = draw(st.permutations([*range(len(VALUES))] * again))
    rows = draw(st.sampled_from([1, 7, 1_000]))
    return Arrival(tuple(order), rows, draw(st.integers(1, 6)))


ONCE = Arrival(tuple(range(len(VALUES))), 1_000, 4)


def tell(database: Database, arrival: Arrival) -> None:
    """Land an arrival, and compare with the oracle: of this arrival, and of the plain one."""
    placed = arrived(arrival)
    database.connection.execute("truncate landed_events")
    land(database.connection, placed, rows=arrival.rows)

    expected = expect(placed)
    assert meaning(expected) == meaning(expect(arrived(ONCE)))
    assert_as_expected(database.connection, expected)
    assert_all_views_maintained(database.connection)


@given(arrivals())
@settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
def test_any_arrival_gives_the_same(shared: Database, arrival: Arrival) -> None:
    tell(shared, arrival)


@pytest.mark.parametrize("rows", [1, 7, 1_000])
@pytest.mark.parametrize("step", [1, -1], ids=["forwards", "backwards"])
def test_everything_twice(shared: Database, rows: int, step: int) -> None:
    order = (*range(len(VALUES)), *range(len(VALUES)))[::step]
    tell(shared, Arrival(order, rows, partitions=3))


def test_the_sample_is_worth_it() -> None:
    expected = expect(arrived(ONCE))
    assert expected.duplicates >= SAMPLE // OTHER_DELIVERIES // 2
    assert len(expected.quarantined) >= 2
    # People of several events, and of several identifiers.
    assert len(expected.events) > 1.5 * len(expected.profiles)
    assert any(len(profile.identifiers) > 3 for profile in expected.profiles)
