"""Running a schedule's sessions in a given order, on a server, and comparing all along."""

import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg

from penstock.testing.schedules import COMMIT, Schedule
from penstock.testing.stories import Story
from penstock.testing.telling import Wrong, check

# A step that has neither ended nor met a lock after this long is stuck.
STEP_SECONDS = 10.0
POLL_SECONDS = 0.0005
WATCH_MILLISECONDS = 20
# The session may try again: https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
RETRY = "40001"


@dataclass(slots=True)
class Turn:
    """One session: its connection, thread, and what became of it."""

    connection: psycopg.Connection
    steps: tuple[str, ...]
    work: "queue.Queue[str | None]" = field(default_factory=queue.Queue)
    done: int = 0
    given: int = 0
    sqlstate: str | None = None
    thread: threading.Thread | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """How a schedule ended: the SQLSTATE of each session, None where it committed."""

    outcomes: tuple[str | None, ...]


def take_turns(
    connections: Sequence[psycopg.Connection],
    watcher: psycopg.Connection,
    schedule: Schedule,
    order: Sequence[int],
    isolation: str,
) -> Told:
    """Run the steps in this order; a step that waits for a lock lets the others go on.

    After each step `watcher` compares all views in a snapshot of its own: what others see is
    right at every moment. A session that fails is rolled back; one that failed with 40001 is
    run again, alone, at the end. Raises Wrong for a wrong view, an error that the schedule
    does not allow, or a step that never ends; then the connections are closed.
    connections: one a session, in autocommit mode, for this and further orders.
    """
    story = Story(schedule.title, schedule.tables, schedule.views, ())
    turns = [
        Turn(connection, (*steps, COMMIT))
        for connection, steps in zip(connections, schedule.sessions, strict=True)
    ]
    try:
        for turn in turns:
            turn.thread = threading.Thread(target=_serve, args=(turn, isolation), daemon=True)
            turn.thread.start()
        for place, number in enumerate(order):
            turn = turns[number]
            turn.work.put(turn.steps[turn.given])
            turn.given += 1
            _settle(watcher, turn)
            _watch(watcher, story, f"{isolation}, order {tuple(order)}, step {place + 1}")
        for turn in turns:
            turn.work.put(None)
        for number, turn in enumerate(turns):
            assert turn.thread is not None  # noqa: S101 - started above
            turn.thread.join(STEP_SECONDS)
            if turn.thread.is_alive():
                raise Wrong(f"session {number} never ended ({isolation}, order {tuple(order)})")
        moment = f"{isolation}, order {tuple(order)}, at the end"
        check(watcher, story, moment)
        for number, turn in enumerate(turns):
            if turn.sqlstate not in (None, RETRY, *schedule.allows):
                raise Wrong(f"session {number} failed with {turn.sqlstate} ({moment})")
            if turn.sqlstate == RETRY:
                _again(turn, isolation)
                check(watcher, story, f"{moment}, session {number} tried again")
        return Told(tuple(turn.sqlstate for turn in turns))
    except Exception:
        for turn in turns:
            turn.work.put(None)
            turn.connection.cancel_safe(timeout=1)
            turn.connection.close()
        raise


def _watch(watcher: psycopg.Connection, story: Story, moment: str) -> None:
    """Compare, unless a session holds what the comparison would wait for (TRUNCATE does)."""
    watcher.execute(f"set lock_timeout = {WATCH_MILLISECONDS}")
    try:
        check(watcher, story, moment)
    except psycopg.errors.LockNotAvailable:
        pass
    finally:
        watcher.execute("set lock_timeout = 0")


def _serve(turn: Turn, isolation: str) -> None:
    """Run what comes; after an error let the rest pass."""
    begun = False
    while (step := turn.work.get()) is not None:
        try:
            if not begun:
                turn.connection.execute(f"begin isolation level {isolation}".encode())
                begun = True
            if turn.sqlstate is None:
                _execute(turn.connection, step)
        except psycopg.Error as error:
            turn.sqlstate = error.sqlstate or "closed"
            if not turn.connection.closed:
                turn.connection.execute("rollback")
        finally:
            turn.done += 1


def _execute(connection: psycopg.Connection, step: str) -> None:
    cursor = connection.execute(step.encode())
    while cursor.nextset():
        pass


def _settle(watcher: psycopg.Connection, turn: Turn) -> None:
    """Wait until the session has done all it was given, or waits for a lock."""
    deadline = time.monotonic() + STEP_SECONDS
    pid = turn.connection.info.backend_pid
    while turn.done < turn.given:
        time.sleep(POLL_SECONDS)
        if turn.done == turn.given:
            return
        row = watcher.execute("select cardinality(pg_blocking_pids(%s))", (pid,)).fetchone()
        if row is not None and row[0] > 0:
            return
        if time.monotonic() > deadline:
            raise Wrong(f"the step {turn.steps[turn.done]!r} neither ends nor waits")


def _again(turn: Turn, isolation: str) -> None:
    turn.connection.execute(f"begin isolation level {isolation}".encode())
    for step in turn.steps:
        _execute(turn.connection, step)
