"""Messages that were read and are not committed yet, and when they go.

Pure: the caller says what time it is. Offsets follow Kafka's custom, the next one to read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from penstock.sources.decode import DeadLetter, Message, Row, decode
from penstock.sources.extract import Extractor

Moment = TypeVar("Moment", int, float)
# A transaction costs the views some milliseconds beside its rows (docs/performance.md).
LARGE_ROWS = 500


class Place(NamedTuple):
    """A partition of a topic."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Advance:
    """A partition's stored offset: what it must be now, and what it becomes."""

    expected: int
    next_offset: int


@dataclass(frozen=True, slots=True)
class Limits:
    """A batch is full at `rows` or `bytes`; no message waits longer than `seconds` to be sent.

    bytes: of keys and values; the last message may pass it, so memory is `bytes` and one message.
    """

    rows: int = 25_000
    bytes: int = 16 << 20
    seconds: float = 0.05


class Batch:
    """What one transaction will write: outcomes in the order of reading, and offsets to advance.

    An idle stream's message goes at once; while a commit is under way the next batch grows, so that
    its size follows the load without a setting.

    extractors: by topic, for topics whose source declares fields to extract.
    """

    __slots__ = ("advances", "bytes", "extractors", "limits", "oldest_ms", "opened_at", "outcomes")

    def __init__(self, limits: Limits, extractors: Mapping[str, Extractor] | None = None) -> None:
        self.limits = limits
        self.extractors = extractors or {}
        self.outcomes: list[Row | DeadLetter] = []
        self.advances: dict[Place, Advance] = {}
        self.bytes = 0
        self.opened_at: float | None = None
        self.oldest_ms: int | None = None

    def __bool__(self) -> bool:
        return bool(self.advances)

    def room(self) -> int:
        """How many rows more may be read into it."""
        return self.limits.rows - len(self.outcomes) if self.bytes < self.limits.bytes else 0

    def is_large(self, beside: int = 0) -> bool:
        """Whether it is worth a transaction of its own.

        beside: rows of the batch under way meanwhile. Half as many will wait for it long enough.
        """
        return len(self.outcomes) >= max(LARGE_ROWS, beside // 2) or self.room() <= 0

    def take(self, other: "Batch") -> None:
        """Append another batch, of other partitions."""
        self.outcomes += other.outcomes
        self.advances |= other.advances
        self.bytes += other.bytes
        self.opened_at = _earlier(self.opened_at, other.opened_at)
        self.oldest_ms = _earlier(self.oldest_ms, other.oldest_ms)

    def is_due(self, now: float, *, drained: bool) -> bool:
        """Whether to send it now; drained: nothing more is waiting to be read."""
        if self.opened_at is None:
            return False
        return drained or self.room() <= 0 or now - self.opened_at >= self.limits.seconds

    def add(self, messages: Iterable[Message], positions: Mapping[Place, int], now: float) -> None:
        """Decode and append messages.

        positions: per partition that is ours, the next offset to read before this batch began.
        A message of another partition, or below its position, is not ours to write: left out.
        """
        ends = {place: advance.next_offset for place, advance in self.advances.items()}
        topic, partition, end, extract = "", -1, None, None
        for message in messages:
            if message.partition != partition or message.topic != topic:
                # Messages come in runs of a partition; its place is looked up once a run.
                if end is not None:
                    ends[Place(topic, partition)] = end
                topic, partition = message.topic, message.partition
                place = Place(topic, partition)
                end = ends.get(place, positions.get(place))
                extract = self.extractors.get(topic)
            if end is None or message.offset < end:
                continue
            self.outcomes.append(decode(message, extract))
            self.bytes += len(message.value or b"") + len(message.key or b"")
            end = message.offset + 1
            if self.oldest_ms is None or message.timestamp_ms < self.oldest_ms:
                self.oldest_ms = message.timestamp_ms
        if end is not None:
            ends[Place(topic, partition)] = end
        for place, reached in ends.items():
            self.reach(place, reached, positions, now)

    def reach(self, place: Place, end: int, positions: Mapping[Place, int], now: float) -> None:
        """Advance a partition to `end`, past offsets that hold no message for us.

        Transactions' markers, aborted messages and compaction leave such gaps.
        """
        known = self.advances.get(place)
        expected = positions.get(place) if known is None else known.expected
        reached = expected if known is None else known.next_offset
        if expected is None or reached is None or end <= reached:
            return
        self.advances[place] = Advance(expected, end)
        if self.opened_at is None:
            self.opened_at = now

    def positions_after(self, positions: Mapping[Place, int]) -> dict[Place, int]:
        """Where reading stands once this batch is in."""
        return {
            place: self.advances[place].next_offset if place in self.advances else position
            for place, position in positions.items()
        }


def _earlier(one: Moment | None, other: Moment | None) -> Moment | None:
    """The earlier of two moments, of which none may be known."""
    return min((moment for moment in (one, other) if moment is not None), default=None)
