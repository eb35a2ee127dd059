"""Where reading a partition starts: what is stored, and what the broker still has."""

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg

from penstock.sources.batch import Advance, Batch, Limits, Place
from penstock.sources.dead_letters import bury
from penstock.sources.decode import DeadLetter, Message

_READ = """
select topic, partition, next_offset
from penstock.source_offsets
where (topic, partition) in (select * from unnest(%s::text[], %s::int[]))
"""
_BEGIN = """
insert into penstock.source_offsets (topic, partition, next_offset, updated_at)
values (%s, %s, %s, now())
on conflict do nothing
"""


_ADVANCE = """
update penstock.source_offsets as stored
set next_offset = batch.next_offset, updated_at = now()
from unnest(%s::text[], %s::int[], %s::bigint[], %s::bigint[])
    as batch (topic, partition, expected, next_offset)
where stored.topic = batch.topic
    and stored.partition = batch.partition
    and stored.next_offset = batch.expected
"""


class FencedError(Exception):
    """The stored offsets are not where this batch began: another connector has written it."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Never read before: everything the broker has, from `offset` on."""

    offset: int


@dataclass(frozen=True, slots=True)
class Resume:
    """Read on at the stored offset."""

    offset: int


@dataclass(frozen=True, slots=True)
class Lost:
    """The broker has deleted messages from the stored offset up to `offset`, unread."""

    stored: int
    offset: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """The broker ends before the stored offset: another topic by the same name, or a lost log."""

    stored: int
    end: int


StartingPoint = Begin | Resume | Lost | Ahead


def starting_point(stored: int | None, low: int, high: int) -> StartingPoint:
    """Decide from the stored offset and the broker's first and end offset.

    >>> starting_point(None, 5, 9), starting_point(9, 5, 9)
    (Begin(offset=5), Resume(offset=9))
    >>> starting_point(3, 5, 9), starting_point(10, 5, 9)
    (Lost(stored=3, offset=5), Ahead(stored=10, end=9))
    """
    if stored is None:
        return Begin(low)
    if stored < low:
        return Lost(stored, low)
    if stored > high:
        return Ahead(stored, high)
    return Resume(stored)


def read_offsets(connection: psycopg.Connection, places: Iterable[Place]) -> dict[Place, int]:
    """Give the stored offsets of the partitions that have one."""
    wanted = list(places)
    rows = connection.execute(
        _READ, ([place.topic for place in wanted], [place.partition for place in wanted])
    )
    return {Place(topic, partition): next_offset for topic, partition, next_offset in rows}


def begin(connection: psycopg.Connection, place: Place, offset: int) -> None:
    """Store a first offset, unless another connector has done so."""
    connection.execute(_BEGIN, (place.topic, place.partition, offset))


def record_loss(connection: psycopg.Connection, place: Place, loss: Lost, now_ms: int) -> str:
    """Step over what the broker deleted, leaving a dead letter in its place; returns its words.

    The messages are gone whatever we do, and waiting would lose more. Raises FencedError.
    """
    words = (
        f"offsets {loss.stored} to {loss.offset - 1} were deleted by Kafka before they were read"
        f" ({loss.offset - loss.stored} messages at most)"
    )
    batch = Batch(Limits())
    batch.advances[place] = Advance(loss.stored, loss.offset)
    with connection.transaction():
        advance(connection, batch)
        place_of_loss = Message(place.topic, place.partition, loss.stored, now_ms, None, None, None)
        bury(connection, [DeadLetter(place_of_loss, words)])
    return words


def advance(connection: psycopg.Connection, batch: Batch) -> None:
    """Compare and set the stored offsets; raise FencedError unless every one was as expected."""
    places, steps = batch.advances.keys(), batch.advances.values()
    advanced = connection.execute(
        _ADVANCE,
        (
            [place.topic for place in places],
            [place.partition for place in places],
            [step.expected for step in steps],
            [step.next_offset for step in steps],
        ),
        prepare=True,
    )
    if advanced.rowcount != len(steps):
        raise FencedError
