"""What a running connector can say of itself."""

from collections import deque
from dataclasses import dataclass

from penstock.sources.batch import Batch


@dataclass(frozen=True, slots=True)
class Stats:
    """A connector's progress, since it started.

    rate: messages a second over the last seconds. lag: messages behind.
    freshness_seconds: age of the last batch's oldest message as it became visible.
    waiting_for: what is away, in words; None while all is well.
    """

    messages: int = 0
    dead_letters: int = 0
    batches: int = 0
    partitions: int = 0
    rate: float = 0.0
    lag: int = 0
    freshness_seconds: float | None = None
    waiting_for: str | None = None


class Progress:
    """Counts commits and makes Stats of them; clocks are passed in."""

    WINDOW_SECONDS = 5.0

    def __init__(self) -> None:
        self._messages = 0
        self._dead_letters = 0
        self._batches = 0
        self._freshness: float | None = None
        self._recent: deque[tuple[float, int]] = deque()

    def committed(self, batch: Batch, dead_letters: int, wall: float, now: float) -> None:
        """Note a commit; wall: seconds since 1970, now: a monotonic clock."""
        self._messages += len(batch.outcomes)
        self._dead_letters += dead_letters
        self._batches += 1
        if batch.oldest_ms is not None:
            self._freshness = wall - batch.oldest_ms / 1000
        self._recent.append((now, len(batch.outcomes)))
        self._expire(now)

    def stats(
        self, now: float, *, lag: int = 0, partitions: int = 0, waiting_for: str | None = None
    ) -> Stats:
        """Sum up; now: the same clock as in `committed`."""
        self._expire(now)
        span = now - self._recent[0][0] if self._recent else 0.0
        messages = sum(messages for _, messages in self._recent)
        return Stats(
            messages=self._messages,
            dead_letters=self._dead_letters,
            batches=self._batches,
            partitions=partitions,
            rate=messages / max(span, 1.0),
            lag=lag,
            freshness_seconds=self._freshness,
            waiting_for=waiting_for,
        )

    def _expire(self, now: float) -> None:
        while self._recent and now - self._recent[0][0] > self.WINDOW_SECONDS:
            self._recent.popleft()
