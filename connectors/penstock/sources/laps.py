"""How long the phases of a thread's work take: measured always, for it costs next to nothing."""

from time import perf_counter


class Laps:
    """A stopwatch that is always running: each mark says what the time since the last one was."""

    __slots__ = ("_at", "_spent")

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}
        self._at = perf_counter()

    def mark(self, phase: str) -> None:
        """Count the time since the last mark as this phase."""
        now = perf_counter()
        self._spent[phase] = self._spent.get(phase, 0.0) + now - self._at
        self._at = now

    def take(self) -> dict[str, int]:
        """Give what was counted, in microseconds, and start anew."""
        spent, self._spent = self._spent, {}
        return {phase: round(seconds * 1_000_000) for phase, seconds in spent.items()}
