"""Rows the server refuses: find the messages to blame, land the others."""

import re

import psycopg
from psycopg import errors, sql

from penstock.sources.decode import DeadLetter, Row
from penstock.sources.landing import Landing
from penstock.sources.laps import Laps

# What a message can be blamed for; any other error is the server's or the operator's.
REFUSED = (
    errors.DataError,
    errors.IntegrityError,
    errors.ProgramLimitExceeded,
    errors.StatementTooComplex,
)

# Translated in some locales; then the rows are cut in the middle.
_COPY_LINE = re.compile(r"^COPY .*, line ([0-9]+)", re.MULTILINE)
_IS_LANDED = """
select payload = convert_from(%s, 'UTF8')::jsonb
from {}
where kafka_partition = %s and kafka_offset = %s
"""


def land(
    connection: psycopg.Connection,
    landing: Landing,
    rows: list[Row],
    laps: Laps | None = None,
) -> None:
    """Copy rows into their table; the first one refused refuses them all."""
    laps = laps or Laps()
    with connection.cursor().copy(landing.copy_statement) as copy:
        laps.mark("copy")
        for piece in landing.copy_bytes(rows):
            laps.mark("encode")
            copy.write(piece)
            laps.mark("copy")
    laps.mark("copy")


def land_apart(
    connection: psycopg.Connection, landing: Landing, rows: list[Row]
) -> list[DeadLetter]:
    """Land what can be; cut what cannot into pieces, until each message to blame is alone."""
    dead: list[DeadLetter] = []
    pieces = [rows]
    while pieces:
        piece = pieces.pop()
        try:
            with connection.transaction():
                land(connection, landing, piece)
        except REFUSED as refusal:
            if len(piece) == 1:
                dead += _blame(connection, landing, piece[0], refusal)
            else:
                pieces += [part for part in reversed(_cut(piece, refusal)) if part]
    return dead


def _cut(rows: list[Row], refusal: psycopg.Error) -> list[list[Row]]:
    """Cut around the line that COPY names; in the middle where it names none, as for triggers."""
    line = _COPY_LINE.search(refusal.diag.context or "")
    if line is None or not 1 <= int(line[1]) <= len(rows):
        half = len(rows) // 2
        return [rows[:half], rows[half:]]
    at = int(line[1]) - 1
    return [rows[:at], rows[at : at + 1], rows[at + 1 :]]


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
