"""One transaction: offsets, rows and dead letters, all or none. The exactly-once core."""

from collections.abc import Iterable, Mapping

import psycopg
from psycopg import errors, sql

from penstock.sources.batch import Batch
from penstock.sources.decode import (
    TIMESTAMP_MAX_MS,
    TIMESTAMP_MIN_MS,
    DeadLetter,
    Row,
    headers_json,
)
from penstock.sources.landing import Landing

# What a message can be blamed for; any other error is the server's or the operator's.
REFUSED = (
    errors.DataError,
    errors.IntegrityError,
    errors.ProgramLimitExceeded,
    errors.StatementTooComplex,
)

_ADVANCE = """
update penstock.source_offsets as stored
set next_offset = batch.next_offset, updated_at = now()
from unnest(%s::text[], %s::int[], %s::bigint[], %s::bigint[])
    as batch (topic, partition, expected, next_offset)
where stored.topic = batch.topic
    and stored.partition = batch.partition
    and stored.next_offset = batch.expected
"""
_BURY = """
insert into penstock.dead_letters
    (topic, partition, "offset", error, payload, key, headers, kafka_timestamp)
values (%s, %s, %s, %s, %s, %s, convert_from(%s, 'UTF8')::jsonb, to_timestamp(%s))
on conflict (topic, partition, "offset") do update
set error = excluded.error, payload = excluded.payload, key = excluded.key,
    headers = excluded.headers, kafka_timestamp = excluded.kafka_timestamp, received_at = now()
"""
_IS_LANDED = """
select payload = convert_from(%s, 'UTF8')::jsonb
from {}
where kafka_partition = %s and kafka_offset = %s
"""


class FencedError(Exception):
    """The stored offsets are not where this batch began: another connector has written it."""


def commit(connection: psycopg.Connection, landings: Mapping[str, Landing], batch: Batch) -> int:
    """Write a batch in one transaction, or nothing of it; return how many were dead letters.

    What the server refuses for a message's sake becomes a dead letter, with the server's words.
    Raises FencedError where another connector was faster, psycopg.Error where the server is away
    or the tables are not what they were: the caller reads the stored offsets and starts from there.
    """
    try:
        return _write(connection, landings, batch, apart=False)
    except REFUSED:
        return _write(connection, landings, batch, apart=True)


def _write(
    connection: psycopg.Connection, landings: Mapping[str, Landing], batch: Batch, *, apart: bool
) -> int:
    rows: dict[str, list[Row]] = {}
    dead: list[DeadLetter] = []
    for outcome in batch.outcomes:
        match outcome:
            case Row():
                rows.setdefault(outcome.message.topic, []).append(outcome)
            case DeadLetter():
                dead.append(outcome)
    with connection.transaction():
        # 1. The offsets, first: a zombie stops here and has written nothing. The row locks keep
        #    everybody else off these partitions until the commit.
        advance(connection, batch)
        # 2. The rows; every view over them is maintained by triggers within these statements.
        for topic, landed in rows.items():
            if apart:
                dead += _land_apart(connection, landings[topic], landed)
            else:
                _land(connection, landings[topic], landed)
        # 3. What cannot land.
        bury(connection, dead)
        # 4. The commit makes all of it visible at once.
    return len(dead)


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


def bury(connection: psycopg.Connection, letters: Iterable[DeadLetter]) -> None:
    """Keep dead letters as they came; a later message at the same place takes it over."""
    parameters = [
        (
            *(message.topic, message.partition, message.offset, letter.error),
            *(message.value, message.key, headers_json(message.headers)),
            message.timestamp_ms / 1000
            if TIMESTAMP_MIN_MS <= message.timestamp_ms <= TIMESTAMP_MAX_MS
            else None,
        )
        for letter in letters
        for message in (letter.message,)
    ]
    if parameters:
        connection.cursor().executemany(_BURY, parameters)


def _land(connection: psycopg.Connection, landing: Landing, rows: list[Row]) -> None:
    with connection.cursor().copy(landing.copy_statement) as copy:
        for piece in landing.copy_bytes(rows):
            copy.write(piece)


def _land_apart(
    connection: psycopg.Connection, landing: Landing, rows: list[Row]
) -> list[DeadLetter]:
    """Land what can be; halve what cannot, until the message to blame is alone."""
    try:
        with connection.transaction():
            _land(connection, landing, rows)
    except REFUSED as refusal:
        if len(rows) > 1:
            half = len(rows) // 2
            return [
                *_land_apart(connection, landing, rows[:half]),
                *_land_apart(connection, landing, rows[half:]),
            ]
        return _blame(connection, landing, rows[0], refusal)
    return []


def _blame(
    connection: psycopg.Connection, landing: Landing, row: Row, refusal: psycopg.Error
) -> list[DeadLetter]:
    """Give the refused message's dead letter; none where it had landed before (a replay)."""
    if isinstance(refusal, errors.UniqueViolation) and _has_landed(connection, landing, row):
        return []
    return [DeadLetter(row.message, _in_words(refusal))]


def _has_landed(connection: psycopg.Connection, landing: Landing, row: Row) -> bool:
    """Compare with what is at the row's place; a role that may only insert cannot, and says no."""
    statement = sql.SQL(_IS_LANDED).format(sql.Identifier(landing.schema, landing.table))
    place = row.message.partition, row.message.offset
    try:
        with connection.transaction():
            return connection.execute(statement, (row.payload, *place)).fetchone() == (True,)
    except errors.InsufficientPrivilege:
        return False


def _in_words(refusal: psycopg.Error) -> str:
    """Give the server's reason, and where a view's maintenance refused the row, its function."""
    said = refusal.diag
    # The first lines of the context repeat the data, which the dead letter holds anyway.
    context = [
        line
        for line in (said.context or "").splitlines()
        if not line.startswith(("COPY ", "JSON data"))
    ]
    words = [said.message_primary or str(refusal), *filter(None, [said.message_detail]), *context]
    return "; ".join(words)
