"""Sessions that write at once, and a server that dies under them: the end of some rounds.

Each session is a thread with transactions of its own, at isolation levels of its own. Which of
them waits for which is the server's choice, so what is found here is not cut down to a story.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

import psycopg
from psycopg import IsolationLevel

from penstock.testing.fuzz.changes import random_transaction
from penstock.testing.fuzz.schema import Relation

TRANSACTIONS = 12
# Two that wait for each other, and one that was overtaken, try again as any writer would.
RETRIED = ("40001", "40P01")
TRIES = 12
CRASHES = 0.5
LATE = 0.5
_LEVELS = (
    IsolationLevel.READ_COMMITTED,
    IsolationLevel.REPEATABLE_READ,
    IsolationLevel.SERIALIZABLE,
)
# A session that waits longer waits for itself.
_LIMIT = b"set statement_timeout = '20s'"


@dataclass(frozen=True)
class Together:
    """What several sessions do at once.

    sessions: per session its transactions, each with its isolation level.
    crash_after: seconds until the server is killed under them, or None.
    """

    sessions: tuple[tuple[tuple[IsolationLevel, tuple[str, ...]], ...], ...]
    crash_after: float | None = None


def plan_together(rng: Random, tables: list[Relation]) -> Together:
    """Make up two or three sessions; the server is killed under half of such companies."""
    sessions = tuple(
        tuple(
            (rng.choice(_LEVELS), (*_punctuality(rng), *random_transaction(rng, tables)))
            for _ in range(TRANSACTIONS)
        )
        for _ in range(rng.randint(2, 3))
    )
    return Together(sessions, rng.uniform(0.05, 0.6) if rng.random() < CRASHES else None)


def _punctuality(rng: Random) -> tuple[str, ...]:
    """Half of the writers take their turn late, as the connector does behind a backlog."""
    return ("set local penstock.late = 'on'",) if rng.random() < LATE else ()


def run_together(
    url: str, together: Together, crash: Callable[[], None]
) -> tuple[int, list[psycopg.Error]]:
    """Run the sessions side by side.

    crash: kills the server and starts it again.
    Returns how many transactions were committed, and the errors that ended others for good; what
    a crash does to a session is no error.
    """
    with ThreadPoolExecutor(len(together.sessions)) as pool:
        running = [pool.submit(_run, url, session) for session in together.sessions]
        if together.crash_after is not None:
            time.sleep(together.crash_after)
            crash()
        ended = [future.result() for future in running]
    errors = [error for _, found in ended for error in found]
    if together.crash_after is not None:
        errors = [error for error in errors if not _is_loss(error)]
    return sum(done for done, _ in ended), errors


def _run(
    url: str, session: tuple[tuple[IsolationLevel, tuple[str, ...]], ...]
) -> tuple[int, list[psycopg.Error]]:
    done, errors = 0, []
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_LIMIT)
            for level, statements in session:
                connection.isolation_level = level
                error = _attempt(connection, statements)
                done += error is None
                if error is not None:
                    errors.append(error)
                if connection.closed:
                    break
    except psycopg.OperationalError as error:
        errors.append(error)
    return done, errors


def _attempt(connection: psycopg.Connection, statements: tuple[str, ...]) -> psycopg.Error | None:
    """Run a transaction until it gets through or fails for good; return why."""
    failure: psycopg.Error | None = None
    for _ in range(TRIES):
        try:
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement.encode())
        except psycopg.Error as error:
            failure = error
            if error.sqlstate not in RETRIED:
                break
        else:
            return None
    return failure


def _is_loss(error: psycopg.Error) -> bool:
    """Tell the end of a connection or of the server (class 57P) from an error of a statement."""
    return error.sqlstate is None or error.sqlstate.startswith("57P")
