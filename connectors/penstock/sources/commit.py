"""One transaction: offsets, rows and dead letters, all or none. The exactly-once core."""

from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

import psycopg

from penstock.sources.batch import Batch
from penstock.sources.dead_letters import bury
from penstock.sources.decode import DeadLetter, Row
from penstock.sources.landing import Landing
from penstock.sources.laps import Laps
from penstock.sources.offsets import advance
from penstock.sources.refusal import REFUSED, land, land_apart


class AbandonedError(Exception):
    """The batch before this one is not in, so this one cannot be."""


def commit(
    connection: psycopg.Connection,
    landings: Mapping[str, Landing],
    batch: Batch,
    before: Future[Any] | None = None,
    laps: Laps | None = None,
) -> int:
    """Write a batch in one transaction, or nothing of it; return how many were dead letters.

    What the server refuses for a message's sake becomes a dead letter, with the server's words.
    before: the batch that goes before this one, on another connection. While it is under way our
    rows are copied already; they are told to the views once it is in.
    Raises FencedError where another connector was faster, AbandonedError where the batch before
    failed, psycopg.Error where the server is away or the tables are not what they were: the caller
    reads the stored offsets and starts from there.
    """
    laps = laps or Laps()
    if before is not None:
        # Several topics' rows would be told one by one, and the first of them too early.
        if len(batch.topics) == 1:
            with suppress(*REFUSED):
                return _write(connection, landings, batch, laps, apart=False, before=before)
        _wait_for(before, laps)
    try:
        return _write(connection, landings, batch, laps, apart=False)
    except REFUSED:
        return _write(connection, landings, batch, laps, apart=True)


def _write(  # noqa: PLR0913 (what a transaction is made of)
    connection: psycopg.Connection,
    landings: Mapping[str, Landing],
    batch: Batch,
    laps: Laps,
    *,
    apart: bool,
    before: Future[Any] | None = None,
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
        #    everybody else off these partitions until the commit. Behind a batch that has these
        #    locks they come last: what a zombie wrote by then goes with its transaction.
        if before is None:
            advance(connection, batch)
        else:
            connection.execute("set local penstock.late = 'on'")
        laps.mark("offsets")
        # 2. The rows; every view over them is maintained by triggers within these statements.
        for topic, landed in rows.items():
            if apart:
                dead += land_apart(connection, landings[topic], landed)
            elif before is None:
                land(connection, landings[topic], landed, laps)
            else:
                land(connection, landings[topic], landed, laps, partial(_wait_for, before, laps))
        laps.mark("copy")
        # 3. What cannot land.
        bury(connection, dead)
        laps.mark("dead letters")
        if before is not None:
            _wait_for(before, laps)
            advance(connection, batch)
            laps.mark("offsets")
        # 4. The commit makes all of it visible at once.
    laps.mark("commit")
    return len(dead)


def _wait_for(before: Future[Any], laps: Laps) -> None:
    laps.mark("copy")
    failure = before.exception()
    laps.mark("turn")
    if failure is not None:
        raise AbandonedError from failure
