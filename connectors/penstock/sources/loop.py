"""Join the parts: read, fill a batch, commit it in the background, meanwhile fill the next.

Holds no rule of its own: when a batch goes is batch.py's, what a commit is commit.py's, where
reading starts offsets.py's, whose partition it is Kafka's. Nothing is remembered across a failure:
whatever goes wrong, the stored offsets are read again and reading starts from there.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from threading import Event

import psycopg
from confluent_kafka import KafkaException
from psycopg import errors

from penstock.sources.batch import Batch, Place
from penstock.sources.commit import commit
from penstock.sources.database import (
    FROZEN_SECONDS,
    NotConnectedError,
    claim_number,
    connect,
    end_frozen,
    is_disconnection,
)
from penstock.sources.landing import Landing, read_subscriptions
from penstock.sources.offsets import (
    Ahead,
    Begin,
    FencedError,
    Lost,
    Resume,
    StartingPoint,
    begin,
    read_offsets,
    record_loss,
    starting_point,
)
from penstock.sources.outage import Outage
from penstock.sources.reader import Reader, ReaderLostError
from penstock.sources.settings import ConnectorSettings
from penstock.sources.stats import Progress, Stats
from penstock.sources.timing import Timing, is_profiled

log = logging.getLogger("penstock.connect")

OnStats = Callable[[Stats], None]

# Batches under way at once, of different partitions: the server copies and deduplicates one while
# it maintains the views for the other.
WRITERS = 2
READ_AT_ONCE = 2_000
# How soon a stop is noticed when nothing comes.
IDLE_SECONDS = 0.1
SUBSCRIPTIONS_EVERY_SECONDS = 1.0
STATS_EVERY_SECONDS = 0.5
# Between looks at a partition that cannot be read.
PLACE_AGAIN_SECONDS = 1.0
REJOIN_SECONDS = 1.0
# What a stop leaves the commit under way before it is abandoned.
STOP_GRACE_SECONDS = 5.0


def run(settings: ConnectorSettings, stop: Event, on_stats: OnStats | None = None) -> None:
    """Run a connector until `stop` is set; then finish or abandon the batch, and return.

    Waits out a database or a broker that is away, or that does not let us in: an operator may mend
    it meanwhile. on_stats: called about twice a second, from this thread. Raises PenstockError
    where the URL is none.
    """
    progress = Progress()
    report = _Reporter(progress, on_stats)
    connecting = Outage("PostgreSQL")
    writing = Outage("writing to PostgreSQL")
    while not stop.is_set():
        try:
            with _connected(settings) as (control, *writers):
                connecting.ends()
                _Session(settings, control, writers, writing, progress, report).run(stop)
        except (ReaderLostError, KafkaException) as lost:
            log.warning("lost our place in Kafka's group: %s; joining anew", lost)
            stop.wait(REJOIN_SECONDS)
        except NotConnectedError as failure:
            report.database_away()
            stop.wait(connecting.begins(str(failure)))
        except psycopg.Error as failure:
            report.database_away()
            # A broken connection is told by the next attempt to connect, if that fails.
            stop.wait(writing.begins(str(failure), at_once=not is_disconnection(failure)))


@contextmanager
def _connected(
    settings: ConnectorSettings,
) -> Iterator[list[psycopg.Connection]]:
    """Give a connection for this thread and WRITERS for commits."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(connect(settings.database_url, settings.group))
            for _ in range(1 + WRITERS)
        ]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A batch under way: the number of its dead letters, and the time it was in."""

    lane: int | None
    batch: Batch
    timing: Timing
    result: Future[tuple[int, float]]


class _Session:
    """One stay: its connections, a consumer, and what was read and is not in yet.

    Each partition has a lane, and each lane a batch that is being filled. A large batch goes by
    itself, beside one of another lane; small ones of all lanes go together, alone.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (the parts it joins)
        self,
        settings: ConnectorSettings,
        control: psycopg.Connection,
        writers: list[psycopg.Connection],
        writing: Outage,
        progress: Progress,
        report: "_Reporter",
    ) -> None:
        self._settings = settings
        self._control = control
        self._writers = [Timing(writer) for writer in writers]
        self._is_profiled = False
        self._writing = writing
        self._progress = progress
        self._report = report
        self._landings: dict[str, Landing] = {}
        self._complaints: dict[object, str] = {}
        self._subscriptions_at = self._placing_at = self._sent_at = 0.0
        self._generation = 0
        # Where reading stands: stored offsets, and what the commits under way will make of them.
        self._positions: dict[Place, int] = {}
        self._lanes: dict[Place, int] = {}
        self._batches = [self._new_batch() for _ in range(WRITERS)]
        # Under way: one of all lanes, or of one each.
        self._sent: list[_Sent] = []

    def run(self, stop: Event) -> None:
        """Read and commit until told to stop, or until something breaks."""
        group = self._settings.group
        instance = f"{group}-{claim_number(self._control, group)}"
        with (
            ThreadPoolExecutor(WRITERS, "commit") as self._background,
            Reader(self._settings, instance) as self._reader,
        ):
            try:
                while not stop.is_set():
                    self._step()
            except BaseException:
                self._settle(grace=0.0)
                raise
            self._settle(grace=STOP_GRACE_SECONDS)
            self._reader.commit({}, wait=True)
            self._reader.leave()

    def _step(self) -> None:
        now = time.monotonic()
        if now - self._subscriptions_at >= SUBSCRIPTIONS_EVERY_SECONDS:
            self._subscriptions_at = now
            self._subscribe()
            self._is_profiled = is_profiled(self._control)
        self._read()
        for sent in [sent for sent in self._sent if sent.result.done()]:
            self._take_result(sent)
        if self._sent and now - self._sent_at >= FROZEN_SECONDS:
            self._sent_at = now
            self._look_for_frozen()
        if self._reader.generation != self._generation:
            if self._sent:
                return  # Its end decides where reading starts.
            self._restart()
        if now >= self._placing_at and (waiting := self._unplaced()):
            self._placing_at = now + PLACE_AGAIN_SECONDS
            self._place(waiting)
        self._send_what_is_due()
        self._report(self._reader, self._positions)

    def _send_what_is_due(self) -> None:
        """Send the oldest batch where none is under way, and large ones beside it.

        A small one had better grow meanwhile: each costs the views some milliseconds of their own.
        """
        if not self._sent:
            now, drained = time.monotonic(), self._reader.drained
            if not any(batch.is_due(now, drained=drained) for batch in self._batches):
                return
            opened = [(b.opened_at, lane) for lane, b in enumerate(self._batches) if b]
            _, oldest = min((at, lane) for at, lane in opened if at is not None)
            self._send(oldest if self._batches[oldest].is_large() else None)
        if all(sent.lane is not None for sent in self._sent):
            under_way = {sent.lane: len(sent.batch.outcomes) for sent in self._sent}
            for lane, batch in enumerate(self._batches):
                if lane not in under_way and batch.is_large(max(under_way.values(), default=0)):
                    self._send(lane)

    def _read(self) -> None:
        """Fill the batches; wait for a message only where there is nothing else to do."""
        room = min(READ_AT_ONCE, *(batch.room() for batch in self._batches))
        waiting = any(self._batches)
        if self._sent and (room <= 0 or (waiting and self._reader.drained)):
            results = [sent.result for sent in self._sent]
            wait(results, timeout=IDLE_SECONDS, return_when=FIRST_COMPLETED)
        if room <= 0:
            return
        messages = self._reader.read(room, 0 if waiting else IDLE_SECONDS)
        if self._reader.generation == self._generation:
            now = time.monotonic()
            ends = self._reader.take_ends()
            for lane, batch in enumerate(self._batches):
                mine = {p: at for p, at in self._positions.items() if self._lanes[p] == lane}
                batch.add(messages, mine, now)
                for place, end in ends.items():
                    batch.reach(place, end, mine, now)
        self._reader.laps.mark("decode")

    def _send(self, lane: int | None) -> None:
        """Send the batch of a lane, or all that there is."""
        batch = self._new_batch()
        for number in range(WRITERS) if lane is None else [lane]:
            batch.take(self._batches[number])
            self._batches[number] = self._new_batch()
        self._positions = batch.positions_after(self._positions)
        self._sent_at = time.monotonic()
        taken = [sent.timing for sent in self._sent]
        timing = next(timing for timing in self._writers if timing not in taken)
        timing.reading = self._reader.laps.take()
        late = lane is not None
        result = self._background.submit(self._commit, timing, self._landings, batch, late=late)
        self._sent.append(_Sent(lane, batch, timing, result))

    def _new_batch(self) -> Batch:
        extractors = {
            topic: landing.extract
            for topic, landing in self._landings.items()
            if landing.extract is not None
        }
        return Batch(self._settings.limits, extractors)

    def _commit(
        self,
        timing: Timing,
        landings: dict[str, Landing],
        batch: Batch,
        *,
        late: bool,
    ) -> tuple[int, float]:
        """Run in the background: give the number of dead letters and the time it was in."""
        with timing.of(batch, on=self._is_profiled) as laps:
            return commit(timing.writer, landings, batch, laps, late=late), time.time()

    def _look_for_frozen(self) -> None:
        for sent in self._sent:
            pid = sent.timing.writer.info.backend_pid
            if ended := end_frozen(self._control, pid, self._settings.group):
                log.warning("ended %d transaction(s) of a connector that does not answer", ended)

    def _take_result(self, sent: _Sent) -> None:
        self._sent.remove(sent)
        try:
            dead_letters, in_at = sent.result.result()
        except FencedError:
            log.info("another connector was faster; starting from the stored offsets")
            self._reader.unplace()
        except (errors.SerializationFailure, errors.DeadlockDetected) as conflict:
            log.info("%s; trying again", str(conflict).splitlines()[0])
            self._reader.unplace()
        else:
            self._writing.ends()
            self._progress.committed(sent.batch, dead_letters, in_at, time.monotonic())
            self._reader.commit(
                {place: step.next_offset for place, step in sent.batch.advances.items()}
            )

    def _settle(self, grace: float) -> None:
        """Let the commits under way end, within `grace` seconds, or have them abandoned."""
        wait([sent.result for sent in self._sent], timeout=grace)
        for sent in list(self._sent):
            if not sent.result.done():
                self._abandon(sent)
            elif sent.result.exception() is None:
                self._take_result(sent)
        self._sent.clear()

    def _abandon(self, sent: _Sent) -> None:
        with suppress(psycopg.Error):
            sent.timing.writer.cancel_safe(timeout=1.0)
        if not wait([sent.result], timeout=1.0).done:
            # The server parses one long message, say, and hears nothing: hang up.
            with (
                suppress(OSError, psycopg.Error),
                socket.socket(fileno=os.dup(sent.timing.writer.fileno())) as line,
            ):
                line.shutdown(socket.SHUT_RDWR)
            wait([sent.result], timeout=1.0)

    def _restart(self) -> None:
        """Forget what is not committed: the partitions are not what they were."""
        self._generation = self._reader.generation
        self._positions = {}
        places = sorted(self._reader.assigned)
        self._lanes = {place: number % WRITERS for number, place in enumerate(places)}
        self._batches = [self._new_batch() for _ in range(WRITERS)]
        self._placing_at = 0.0

    def _subscribe(self) -> None:
        """Follow penstock.subscriptions; a new landing table is written to from the next batch."""
        landings, refused = read_subscriptions(self._control)
        for topic, reason in refused.items():
            self._complain(topic, f"topic {topic} cannot land: {reason}; waiting")
        if landings != self._landings:
            self._landings = landings
            self._reader.unplace()
            self._reader.subscribe(landings)
            log.info("subscribed: %s", ", ".join(landings) or "nothing yet")

    def _unplaced(self) -> list[Place]:
        waiting = self._reader.assigned - self._reader.placed
        return sorted(place for place in waiting if place.topic in self._landings)

    def _place(self, waiting: list[Place]) -> None:
        found = {}
        stored = read_offsets(self._control, waiting)
        for place in waiting:
            marks = self._reader.watermarks(place)
            if marks is None:
                break
            start = self._start(place, starting_point(stored.get(place), *marks))
            if start is not None:
                found[place] = start
        if found:
            self._positions |= found
            read = self._positions
            for batch in self._batches:
                read = batch.positions_after(read)
            self._reader.place(read)

    def _start(self, place: Place, point: StartingPoint) -> int | None:
        name = f"{place.topic} partition {place.partition}"
        match point:
            case Resume(offset):
                return offset
            case Begin(offset):
                begin(self._control, place, offset)
                return read_offsets(self._control, [place])[place]
            case Lost():
                with suppress(FencedError):
                    words = record_loss(self._control, place, point, int(time.time() * 1000))
                    log.error("%s: %s; noted in penstock.dead_letters", name, words)
                    return point.offset
                return None
            case Ahead(stored, end):
                self._complain(
                    place,
                    f"{name}: Kafka ends at offset {end}, but {stored} is stored: is it another"
                    " topic of the same name? To read it from its start, delete its row in"
                    " penstock.source_offsets (and what the old one landed)",
                )
                return None

    def _complain(self, about: object, words: str) -> None:
        if self._complaints.get(about) != words:
            self._complaints[about] = words
            log.error("%s", words)


class _Reporter:
    """Passes Stats on, twice a second."""

    def __init__(self, progress: Progress, on_stats: OnStats | None) -> None:
        self._progress = progress
        self._on_stats = on_stats
        self._at = 0.0

    def __call__(self, reader: Reader, positions: dict[Place, int]) -> None:
        now = time.monotonic()
        if self._on_stats is None or now - self._at < STATS_EVERY_SECONDS:
            return
        self._at = now
        waiting_for = "Kafka" if reader.outage.is_on else None
        self._on_stats(
            self._progress.stats(
                now,
                lag=reader.lag(positions),
                partitions=len(reader.placed),
                waiting_for=waiting_for,
            )
        )

    def database_away(self) -> None:
        """Say that nothing is written."""
        if self._on_stats is not None:
            self._on_stats(self._progress.stats(time.monotonic(), waiting_for="PostgreSQL"))
