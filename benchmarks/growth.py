"""Whether a database that has taken millions of events takes the next ones as well.

One database with all models, one connector, one stream. A process of its own keeps at most
`AHEAD` messages ahead of what is in, and what is in is deleted from Kafka, so that its disk stays
small. How far ahead it was at the least is told: where that is nothing, the sender was the limit.
A rate is that of the last tenth before a mark, 500,000 events at least, and memory is the
connector's within them; how much of the cores the host gave to others meanwhile is told, too. WAL
is that of all since the mark before: full-page images follow a checkpoint, every 1.3 M events or
so, and a shorter stretch has too many of them or too few.

What is sent is not the demo's generator: at 50 µs a message it would have half a core to itself. A
pool of 50,000 of its messages is made once and sent again and again (6 µs a message, on the same
busy machine), each time with other message ids and another day. Whose events they are is drawn
anew each time, from all the people there have been and the new ones: 20 events a person, as the
generator has it, at any length, and no part of the state that is never read again. Only `alias`
events stay with the new people, or old ones would be merged into one another without end. What
does not vary is the text of the pool's messages beside these: names, prices, paths; and order ids
come again.

PENSTOCK_BENCH_GROWTH=1,10,30 says where to measure, in millions. A mark that the disk has no room
for is left out, and said to be.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from benchmarks.machine import stolen_seconds
from benchmarks.report import Cell, Plot, Report, keep
from benchmarks.stack import PARTITIONS, TOPIC, Stack, client, landed, stack
from penstock.demo.generator import START, messages
from penstock.testing.services import Database

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

MARKS = "1,10,30"
QUICK_MARKS = "0.05,0.1"
WINDOW = 500_000
AHEAD = 200_000
POOL = 50_000
# One that nothing else in a message looks like: devices are numbered to 3.
SEED = 9
MINE, ID, DAY = b"-9-", b"msg-@-", (START + timedelta(days=400 * (SEED - 1))).date()
POLL_SECONDS = 0.1
DELETE_SECONDS = 5.0
STALLED_SECONDS = 300.0
# Landed, state and their indexes, to begin with; afterwards what was measured.
BYTES_AN_EVENT = 2_200
# Kafka deletes segments every five minutes; PostgreSQL keeps WAL between checkpoints.
RESERVED_BYTES = 8 << 30

_SIZES = """
select
    (
        select sum(pg_total_relation_size(c.oid)) from pg_class as c
        where c.relnamespace = 'penstock_state'::regnamespace and c.relkind = 'r'
    ),
    (
        select sum(pg_total_relation_size(format('%I.%I', landing_schema, landing_table)::regclass))
        from penstock.subscriptions
    )
"""


class Told(NamedTuple):
    """What the sender and this process tell each other: messages in, sent, and their bytes."""

    done: Synchronized[int]
    sent: Synchronized[int]
    bytes: Synchronized[int]


class Sample(NamedTuple):
    """A moment: when, how many events were in, where the WAL ended, what the host had taken, s."""

    at: float
    events: int
    wal: int
    stolen: float


@dataclass(frozen=True, slots=True)
class Mark:
    """What was measured at a mark; bytes are of an event, stolen is a share of the cores."""

    events: int
    rate: float
    stolen: float
    state: float
    landing: float
    message: float
    wal: float
    memory: int
    ahead: int


def run(quick: bool) -> Report:
    """Stream up to the largest mark; write what is known at each."""
    wanted = os.environ.get("PENSTOCK_BENCH_GROWTH", QUICK_MARKS if quick else MARKS)
    marks = sorted(round(float(part) * 1_000_000) for part in wanted.split(","))
    found: list[Mark] = []
    curve: list[tuple[Cell, float]] = []
    left_out = ""
    with stack() as services:
        _create_topic(services)
        with (
            services.database("bench_growth") as database,
            services.connector(database, "bench-growth") as connector,
            _sender(services.broker.bootstrap) as told,
        ):
            watch = _Watch(services, database, connector.pid, told)
            for mark in marks:
                taken = found[-1].state + found[-1].landing if found else BYTES_AN_EVENT
                if not _has_room(services.server.data_dir, taken, mark - told.done.value):
                    left_out = f"; no room on the disk for {mark:,}"
                    print(f"  {left_out[2:]}")
                    break
                found.append(watch.until(mark, curve))
                print(f"  {mark:,}: {found[-1].rate:,.0f}/s, {found[-1].memory >> 20} MB")
                report = _report(found, curve, left_out)
                if not quick:
                    keep("growth", report)
    if not found:
        raise RuntimeError(f"no mark was measured{left_out}")
    return _report(found, curve, left_out)


class _Watch:
    """Follows one stream: samples it, bounds it, and has Kafka forget what is in."""

    def __init__(self, services: Stack, database: Database, connector: int, told: Told) -> None:
        # Quiet: it outlives the broker by a moment.
        self._admin = AdminClient({"bootstrap.servers": services.broker.bootstrap, "log_level": 0})
        self._database = database
        self._status = Path(f"/proc/{connector}/status")
        self._told = told
        self._deleted_at = 0.0
        self._last_mark = self._sample()

    def until(self, mark: int, curve: list[tuple[Cell, float]]) -> Mark:
        """Wait for a mark; measure the window before it, and add to the curve of the rate."""
        shortest = min(WINDOW, mark // 2)
        window = max(shortest, mark // 10)
        first: Sample | None = None
        step = self._sample()
        moved = step
        memory, ahead = 0, AHEAD
        while (now := self._sample()).events < mark:
            if now.events > moved.events:
                moved = now
            elif now.at - moved.at > STALLED_SECONDS:
                raise RuntimeError(f"nothing came in for {STALLED_SECONDS:g} s: {now.events:,}")
            if now.events >= mark - window:
                first = first or now
                memory = max(memory, self._memory())
                ahead = min(ahead, self._told.sent.value - now.events)
            if now.events - step.events >= shortest // 2:
                curve.append((now.events, _rate(step, now)))
                step = now
            time.sleep(POLL_SECONDS)
        if first is None:
            raise RuntimeError(f"the window before {mark:,} was missed: a mark too close")
        curve.append((now.events, _rate(first, now)))
        ((state, landing),) = self._database.connection.execute(_SIZES).fetchall()
        before, self._last_mark = self._last_mark, now
        return Mark(
            events=mark,
            rate=_rate(first, now),
            stolen=(now.stolen - first.stolen) / (now.at - first.at) / (os.cpu_count() or 1),
            state=float(state) / now.events,
            landing=float(landing) / now.events,
            message=self._told.bytes.value / self._told.sent.value,
            wal=(now.wal - before.wal) / (now.events - before.events),
            memory=memory,
            ahead=ahead,
        )

    def _sample(self) -> Sample:
        """Look where the stream is; tell the sender; have Kafka delete now and then."""
        events = landed(self._database.connection)
        self._told.done.value = events
        ((wal,),) = self._database.connection.execute(
            "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"
        ).fetchall()
        now = time.perf_counter()
        if now - self._deleted_at > DELETE_SECONDS:
            self._deleted_at = now
            self._delete()
        return Sample(now, events, int(wal), stolen_seconds())

    def _delete(self) -> None:
        """Delete from Kafka what is in: below the stored offsets nothing is read again."""
        stored = self._database.connection.execute(
            "select topic, partition, next_offset from penstock.source_offsets"
        )
        places = [TopicPartition(*row) for row in stored]
        if places:
            for future in self._admin.delete_records(places).values():
                future.result(30)

    def _memory(self) -> int:
        """The connector's resident bytes."""
        found = re.search(r"VmRSS:\s+(\d+) kB", self._status.read_text())
        if found is None:
            raise RuntimeError("the connector ended early")
        return int(found[1]) << 10


def _rate(first: Sample, last: Sample) -> float:
    return (last.events - first.events) / (last.at - first.at)


def _has_room(place: Path, bytes_an_event: float, events: int) -> bool:
    """Whether so many more events fit, with a tenth for what bloats."""
    return shutil.disk_usage(place).free > events * bytes_an_event * 1.1 + RESERVED_BYTES


def _create_topic(services: Stack) -> None:
    """Make the topic, in segments small enough to be deleted while it is written to."""
    topic = NewTopic(
        TOPIC,
        PARTITIONS,
        1,
        config={"segment.bytes": str(64 << 20), "file.delete.delay.ms": "1000"},
    )
    admin = AdminClient(client(services.broker.bootstrap))
    for future in admin.create_topics([topic]).values():
        future.result()


def _report(found: list[Mark], curve: list[tuple[Cell, float]], left_out: str) -> Report:
    rows: list[tuple[Cell, ...]] = [
        (
            f"{mark.events / 1_000_000:g} M",
            mark.rate,
            mark.rate / found[0].rate,
            mark.stolen,
            round(mark.state),
            round(mark.landing),
            round(mark.wal),
            mark.wal / mark.message,
            mark.memory / 2**20,
            mark.ahead,
        )
        for mark in found
    ]
    rows.append(("wanted", "", "≥ 0.8 at 10 M", "", "", "", "", "≤ 3", "≤ 300, flat", ""))
    return Report(
        "Growth",
        f"one stream of {found[-1].message:.0f} bytes an event, 20 events a person, all models;"
        f" rate and memory of the last tenth before a row, at least {WINDOW:,} events (below 1 M,"
        f" half); WAL of all since the row before{left_out}",
        (
            "events",
            "events/s",
            "by the first",
            "taken by the host",
            "state, bytes an event",
            "landing table, bytes an event",
            "WAL, bytes an event",
            "WAL ÷ bytes of the messages",
            "connector's memory, MB",
            "least ahead, messages",
        ),
        rows,
        {
            f"{what} at {mark.events}": value
            for mark in found
            for what, value in (
                ("events/s", mark.rate),
                ("rate by the first", mark.rate / found[0].rate),
                ("state bytes an event", mark.state),
                ("WAL by message", mark.wal / mark.message),
                ("memory MB", mark.memory / 2**20),
            )
        },
        Plot("lines", "events so far", "events/s", {"all models": list(curve)}, log_x=True),
    )


# ---- the sender, a process of its own ---------------------------------------------------


@contextmanager
def _sender(bootstrap: str) -> Iterator[Told]:
    """Run the sender until the end; give what it is told and tells."""
    spawn = multiprocessing.get_context("spawn")
    told = Told(spawn.Value("q", 0), spawn.Value("q", 0), spawn.Value("q", 0))
    process = spawn.Process(target=send, args=(bootstrap, told), daemon=True)
    process.start()
    try:
        yield told
    finally:
        process.terminate()
        process.join()


def send(bootstrap: str, told: Told) -> None:
    """Send for ever, at most AHEAD of what is in."""
    producer = Producer(client(bootstrap) | {"linger.ms": 20, "enable.idempotence": True})
    size = 0
    for sent, (key, value) in enumerate(stream(pool())):
        if sent % 1_000 == 0:
            told.sent.value, told.bytes.value = sent, size
            producer.poll(0)
            while sent - told.done.value >= AHEAD:
                producer.poll(0.01)
        while True:
            try:
                producer.produce(TOPIC, key=key, value=value)
                break
            except BufferError:
                producer.poll(0.1)
        size += len(key or b"") + len(value or b"")


class Template(NamedTuple):
    """A message whose id, person and day are to be filled in.

    drawn: decides whose it is; the same for a message and its repetition. is_new: of a new person.
    """

    key: bytes | None
    value: bytes | None
    drawn: int
    is_new: bool


def pool(size: int = POOL) -> list[Template]:
    """Make the messages that are sent again and again."""
    made = []
    for number, message in enumerate(messages(size, seed=SEED)):
        value = message.value
        drawn = number
        if value is not None:
            # People's emails and phones do not have the seed where the ids have it.
            for place, marked in (
                (b"msg-9-", ID),
                (b"Example9.com", b"Example-9-shop.com"),
                (b"EXAMPLE9.COM", b"EXAMPLE-9-SHOP.COM"),
                (b"+43 (660) ", b"+43 (660-9-) "),
            ):
                value = value.replace(place, marked)
            found = re.search(rb'"messageId":"([^"]+)"', value)
            drawn = crc32(found[1]) if found else number
        made.append(Template(message.key, value, drawn, b'"type":"alias"' in (value or b"")))
    return made


def stream(templates: list[Template]) -> Iterator[tuple[bytes | None, bytes | None]]:
    """Fill the templates in, round after round, each with as many new people as the first."""
    was = DAY.isoformat().encode()
    for number in count():
        id_now = b"msg-%d-" % number
        day = (START.date() + timedelta(days=number)).isoformat().encode()
        people = [b"-%d-" % one for one in range(number + 1)]
        for key, value, drawn, is_new in templates:
            mine = people[number if is_new else drawn % (number + 1)]
            yield (
                key and key.replace(MINE, mine),
                value and value.replace(MINE, mine).replace(ID, id_now).replace(was, day),
            )
