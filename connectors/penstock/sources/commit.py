"""One transaction: offsets, rows and dead letters, all or none. The exactly-once core."""

from collections.abc import Mapping

import psycopg

from penstock.sources.batch import Batch
from penstock.sources.dead_letters import bury
from penstock.sources.decode import DeadLetter, Row
from penstock.sources.landing import Landing
from penstock.sources.laps import Laps
from penstock.sources.offsets import advance
from penstock.sources.refusal import REFUSED, land, land_apart


def commit(
    connection: psycopg.Connection,
    landings: Mapping[str, Landing],
    batch: Batch,
    laps: Laps | None = None,
    *,
    late: bool = False,
) -> int:
    """Write a batch in one transaction, or nothing of it; return how many were dead letters.

    What the server refuses for a message's sake becomes a dead letter, with the server's words.
    late: another batch, of other partitions, may be under way on another connection. Ours is copied
    and deduplicated meanwhile, and told to the views once that one is in.
    Raises FencedError where another connector was faster, psycopg.Error where the server is away or
    the tables are not what they were: the caller reads the stored offsets and starts from there.
    """
    laps = laps or Laps()
    try:
        return _write(connection, landings, batch, laps, apart=False, late=late)
    except REFUSED:
        return _write(connection, landings, batch, laps, apart=True, late=False)


def _write(  # noqa: PLR0913 (what a transaction is made of)
    connection: psycopg.Connection,
    landings: Mapping[str, Landing],
    batch: Batch,
    laps: Laps,
    *,
    apart: bool,
    late: bool,
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
        if late:
            connection.execute("set local penstock.late = 'on'")
        laps.mark("offsets")
        # 2. The rows; every view over them is maintained by triggers within these statements. In
        #    the same order everywhere, for each topic may take a lock.
        for topic, landed in sorted(rows.items()):
            if apart:
                dead += land_apart(connection, landings[topic], landed)
            else:
                land(connection, landings[topic], landed, laps)
        laps.mark("copy")
        # 3. What cannot land.
        bury(connection, dead)
        laps.mark("dead letters")
        # 4. The commit makes all of it visible at once.
    laps.mark("commit")
    return len(dead)
