"""Where the time goes between Kafka and the views, while somebody watches.

Whoever watches holds an advisory lock. Connectors look for it once a second and time their batches
while it is held; the engine's functions note their own time in their sessions. So timing ends with
the watcher's session, whatever ends that, and nothing has to be switched off.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

# As penstock.is_profiled() looks for it. Pipelines have the positive numbers.
LOCK = "1349415287, -1"
STEP_SECONDS = 0.1
# The committing thread's, in the order of a batch; between the COPY and the rest, maintenance.
ORDER = ("waiting", "offsets", "encode", "copy", "dead letters", "commit", "noting")
# Of another thread, or while another batch has the views.
BESIDE = ("turn", "read", "decode")
WHAT = {
    "waiting": "nothing to commit yet",
    "offsets": "begin, fencing",
    "encode": "rows into COPY's form",
    "copy": "COPY itself: landing, its index, waiting for other writers",
    "maintenance": "trigger functions of the views",
    "dead letters": "what cannot land",
    "commit": "commit, with the WAL flushed",
    "turn": "copied, and waiting for another batch",
    "noting": "what this profile costs",
    "read": "from Kafka, beside the rest",
    "decode": "JSON to rows, beside the rest",
    "other writers": "trigger functions in other sessions with penstock.timing on",
}

_CONNECTORS = """
select
    backend, count(*), sum(events)::bigint, sum(bytes)::bigint,
    (
        select jsonb_object_agg(key, spent) from (
            select key, sum(value::bigint) as spent
            from penstock.timed_batches as b, jsonb_each_text(b.phases)
            where b.backend = t.backend and b.at >= %(since)s
            group by key
        ) as phases
    )
from penstock.timed_batches as t
where at >= %(since)s
group by backend
order by backend
"""
# What a connector's batch took counts when the batch does.
_FUNCTIONS = """
with ends as (
    select backend, max(at) as at from penstock.timed_batches where at >= %(since)s group by backend
)
select
    t.view_name, t.function_name, ends.backend is not null,
    count(*), sum(t.total)::bigint, sum(t.self)::bigint, sum(t.noting)::bigint
from penstock.timings as t
left join ends on ends.backend = t.backend
where t.at >= %(since)s and (ends.backend is null or t.at <= ends.at)
group by 1, 2, 3
order by 1, 2, 3
"""
# From the end of the first batch to the end of the last: that is the WAL of all but the first.
_WAL = """
select
    (select pg_wal_lsn_diff(max(wal), min(wal)) from penstock.timed_batches where at >= %(since)s),
    (
        select sum(events) from (
            select events, row_number() over (order by wal) as number
            from penstock.timed_batches where at >= %(since)s
        ) as batches
        where number > 1
    )
"""


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector's batches during the watch; phases: microseconds by name."""

    backend: int
    batches: int
    events: int
    bytes: int
    phases: dict[str, int]


@dataclass(frozen=True, slots=True)
class Called:
    """A trigger function's calls, in microseconds: in all, and without what it fired itself.

    by_connector: in a connector's batch, not in another session that has timing on.
    """

    view: str
    function: str
    by_connector: bool
    calls: int
    total: int
    self: int
    noting: int


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of the batches. share: of the committing time; other threads' exceed it."""

    name: str
    microseconds: int
    an_event: float | None
    share: float


@dataclass(frozen=True, slots=True)
class Model:
    """A maintained view: the self time of all its functions."""

    name: str
    calls: int
    microseconds: int
    an_event: float | None
    share: float


@dataclass(frozen=True, slots=True)
class Function:
    """A trigger function: in all, and without the functions that its statements fired."""

    model: str
    name: str
    calls: int
    total_microseconds: int
    self_microseconds: int
    an_event: float | None
    share: float


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the time went. The shares of phases, and of models, are of the same whole.

    seconds: how long was watched. events_per_second: while batches were timed. wal_bytes: the whole
    server's during the watch; wal_an_event: from batch to batch, so other writers' too.
    """

    seconds: float
    connectors: int
    batches: int
    events: int
    events_per_second: float
    bytes_an_event: float | None
    wal_bytes: int
    wal_an_event: float | None
    phases: tuple[Phase, ...]
    models: tuple[Model, ...]
    functions: tuple[Function, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was timed at all."""
        return not self.batches and not self.functions


def profile(
    connection: psycopg.Connection, seconds: float, on_progress: Callable[[float], None]
) -> Profile:
    """Watch for a while, and say where the time went.

    connection: in autocommit, of the control plane's owner. on_progress: called with the seconds
    that passed, about ten times a second; what it raises ends the watch, and the timing.
    """
    with watching(connection):
        since, before = _now(connection)
        began = time.monotonic()
        while (passed := time.monotonic() - began) < seconds:
            on_progress(passed)
            time.sleep(min(STEP_SECONDS, seconds - passed))
        at = {"since": since}
        connectors = [Connector(*row) for row in connection.execute(_CONNECTORS, at)]
        called = [Called(*row) for row in connection.execute(_FUNCTIONS, at)]
        ((wal, events),) = connection.execute(_WAL, at).fetchall()
        _, after = _now(connection)
    between = (int(wal), int(events)) if events else None
    return summed(seconds, connectors, called, int(after - before), between)


@contextmanager
def watching(connection: psycopg.Connection) -> Iterator[None]:
    """Have connectors time their batches; what was noted before, and by then, goes.

    Several may watch at once; then the last one clears up.
    """
    connection.execute(f"select pg_advisory_lock_shared({LOCK})".encode())
    try:
        _clear(connection)
        yield
        _clear(connection)
    finally:
        if not connection.closed:
            connection.execute(f"select pg_advisory_unlock_shared({LOCK})".encode())


def summed(
    seconds: float,
    connectors: list[Connector],
    called: list[Called],
    wal_bytes: int,
    wal: tuple[int, int] | None,
) -> Profile:
    """Add up what was noted.

    COPY's time is its statement's, less what the trigger functions in it took, and their noting.
    Waiting for another batch is noted like a function, of no view.
    wal: bytes from the end of the first batch to the end of the last, and the events between.
    """
    events = sum(one.events for one in connectors)
    waits = sum(one.self for one in called if one.by_connector and not one.view)
    called = [one for one in called if one.view]
    own = [one for one in called if one.by_connector]
    maintenance, noting = sum(one.self for one in own), sum(one.noting for one in own)
    others = sum(one.self for one in called) - maintenance
    spent = {name: sum(one.phases.get(name, 0) for one in connectors) for name in (*ORDER, *BESIDE)}
    spent["copy"] = max(0, spent["copy"] - maintenance - noting - waits)
    spent["turn"] = waits
    spent["noting"] += noting
    spent["maintenance"] = maintenance
    spent["other writers"] = others
    after_copy = ORDER.index("copy") + 1
    order = (*ORDER[:after_copy], "maintenance", *ORDER[after_copy:], "other writers", *BESIDE)
    whole = max(1, sum(spent.values()) - sum(spent[name] for name in BESIDE))

    def each(microseconds: int) -> float | None:
        return microseconds / events if events else None

    models: dict[str, list[Called]] = {}
    functions: dict[tuple[str, str], list[Called]] = {}
    for one in called:
        models.setdefault(one.view, []).append(one)
        functions.setdefault((one.view, one.function), []).append(one)
    return Profile(
        seconds=seconds,
        connectors=len(connectors),
        batches=sum(one.batches for one in connectors),
        events=events,
        events_per_second=sum(_rate(one) for one in connectors),
        bytes_an_event=sum(one.bytes for one in connectors) / events if events else None,
        wal_bytes=wal_bytes,
        wal_an_event=wal[0] / wal[1] if wal and wal[1] else None,
        phases=tuple(
            Phase(name, spent[name], each(spent[name]), spent[name] / whole)
            for name in order
            if spent[name]
        ),
        models=tuple(
            sorted(
                (
                    Model(
                        name,
                        sum(one.calls for one in ones),
                        took := sum(one.self for one in ones),
                        each(took),
                        took / whole,
                    )
                    for name, ones in models.items()
                ),
                key=lambda model: -model.microseconds,
            )
        ),
        functions=tuple(
            sorted(
                (
                    Function(
                        view,
                        name,
                        sum(one.calls for one in ones),
                        sum(one.total for one in ones),
                        took := sum(one.self for one in ones),
                        each(took),
                        took / whole,
                    )
                    for (view, name), ones in functions.items()
                ),
                key=lambda function: -function.self_microseconds,
            )
        ),
    )


def _rate(one: Connector) -> float:
    """Events a second of a connector, waiting included."""
    committing = sum(took for name, took in one.phases.items() if name in ORDER)
    return one.events * 1_000_000 / max(1, committing)


def _now(connection: psycopg.Connection) -> tuple[Any, int]:
    """The server's time, and the bytes of WAL it has written since it was made."""
    ((at, wal),) = connection.execute(
        "select clock_timestamp(), pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"
    ).fetchall()
    return at, wal


def _clear(connection: psycopg.Connection) -> None:
    """Delete what was noted, unless another watches too: the exclusive lock says."""
    if connection.execute(f"select pg_try_advisory_lock({LOCK})".encode()).fetchone() == (True,):
        try:
            connection.execute("delete from penstock.timings")
            connection.execute("delete from penstock.timed_batches")
            # Or what a forgotten session has filled would stay as large.
            connection.execute("vacuum penstock.timings, penstock.timed_batches")
        finally:
            connection.execute(f"select pg_advisory_unlock({LOCK})".encode())
