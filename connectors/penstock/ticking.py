"""Move the clocks of temporal views: each view as often as its model says, one ticker a database.

The rule is in the database (sql/functions/engine_clock.sql): a tick of one pipeline is one
transaction, which takes its turn among the pipeline's writers. Here is only when. Without a
temporal view nothing ticks; a view that comes later is seen within seconds.
"""

import logging
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from threading import Event

import psycopg
from psycopg import errors

from penstock.sources.database import NotConnectedError, connect, is_disconnection
from penstock.sources.outage import Outage

log = logging.getLogger("penstock.tick")

NAME = "tick"
# How late a new view, or a ticker that ended, may be noticed.
LOOK_SECONDS = 5.0
# Below this a schedule would be a busy loop.
SHORTEST_SECONDS = 0.01

# How long a tick queues behind a writer; a stop is noticed as soon.
_PATIENCE = "set lock_timeout = '3s'"

_CLOCKS = """
select clock, pipeline, extract(epoch from every)::float8,
    extract(epoch from clock_timestamp() - at)::float8
from penstock.clocks()
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """A view's clock: how often it is to be moved, and how long ago the time is that it shows."""

    name: str
    pipeline: int | None
    every: float
    age: float


def read_clocks(connection: psycopg.Connection) -> list[Clock]:
    """Read every clock of the database."""
    return [Clock(*row) for row in connection.execute(_CLOCKS).fetchall()]


def due(clocks: Iterable[Clock], every: float | None = None) -> tuple[list[list[str]], float]:
    """Say which clocks to move now, those of a pipeline together, and how soon to look again.

    every: seconds between two ticks, instead of each view's own period.

    >>> due([Clock("a", 1, 1.0, 1.2), Clock("b", 1, 60.0, 59.9), Clock("c", 2, 10.0, 8.0)])
    ([['a']], 0.1)
    """
    found: dict[int | None, list[str]] = {}
    wait = LOOK_SECONDS
    for clock in clocks:
        period = max(every or clock.every, SHORTEST_SECONDS)
        left = period - clock.age
        if left <= 0:
            found.setdefault(clock.pipeline, []).append(clock.name)
            left = period
        wait = min(wait, left)
    return list(found.values()), max(round(wait, 3), SHORTEST_SECONDS)


def tick_once(connection: psycopg.Connection) -> int:
    """Move every clock to now, each pipeline's in a transaction; return how many moved."""
    names: dict[int | None, list[str]] = {}
    for clock in read_clocks(connection):
        names.setdefault(clock.pipeline, []).append(clock.name)
    return sum(_move(connection, clocks) for clocks in names.values())


def run(url: str, stop: Event, every: float | None = None) -> None:
    """Tick until `stop` is set; wait out a database that is away.

    Several may run at once: one of them ticks, and another takes over when it ends.
    """
    connecting = Outage("PostgreSQL")
    while not stop.is_set():
        try:
            with closing(connect(url, NAME)) as connection:
                connection.execute(_PATIENCE)
                connecting.ends()
                _Session(connection, every).run(stop)
        except NotConnectedError as failure:
            stop.wait(connecting.begins(str(failure)))
        except psycopg.Error as failure:
            stop.wait(connecting.begins(str(failure), at_once=not is_disconnection(failure)))


class _Session:
    """One stay: a connection, and what each pipeline's last tick complained of."""

    def __init__(self, connection: psycopg.Connection, every: float | None) -> None:
        self._connection = connection
        self._every = every
        self._complaints: dict[str, str] = {}

    def run(self, stop: Event) -> None:
        while not stop.is_set() and not self._is_ours():
            stop.wait(LOOK_SECONDS)
        while not stop.is_set():
            started = time.monotonic()
            clocks, wait = due(read_clocks(self._connection), self._every)
            for names in clocks:
                self._tick(names)
            stop.wait(max(wait - (time.monotonic() - started), SHORTEST_SECONDS))

    def _is_ours(self) -> bool:
        row = self._connection.execute(
            "select pg_try_advisory_lock(hashtext('penstock tick'), 0)"
        ).fetchone()
        return row == (True,)

    def _tick(self, names: list[str]) -> None:
        """Move the clocks of one pipeline; a view that fails must not stop those of others."""
        try:
            _move(self._connection, names)
        except (
            errors.LockNotAvailable,
            errors.SerializationFailure,
            errors.DeadlockDetected,
        ) as conflict:
            log.info("%s; trying again", str(conflict).splitlines()[0])
        except psycopg.Error as failure:
            if is_disconnection(failure):
                raise
            words = str(failure).splitlines()[0]
            if self._complaints.get(names[0]) != words:
                self._complaints[names[0]] = words
                log.error("%s does not tick: %s", ", ".join(names), words)
        else:
            if self._complaints.pop(names[0], None):
                log.warning("%s ticks again", ", ".join(names))


def _move(connection: psycopg.Connection, names: list[str]) -> int:
    row = connection.execute("select penstock.tick_clocks(%s)", (names,)).fetchone()
    return int(row[0]) if row else 0
