"""What a peer has told: a file of row changes that only grows.

While the peer runs, only the file's size is looked at, which costs it nothing; the file is read
when nothing has come for a while, so that the peer rests too.
"""

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.same_job.events import Devices, Totals

LOOK_SECONDS = 0.01
QUIET_SECONDS = 2.0
DEADLINE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Change:
    """A row that came (+1) or went (-1)."""

    multiplicity: int
    device: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Changelog:
    """The file of one run, with what reads one line of it: a change, or something else."""

    path: Path
    parse: Callable[[str], Change | None]

    def wait_for(self, kept: int, process: subprocess.Popen[bytes]) -> float:
        """Wait until the rows count so many events; return the moment when the last line came."""
        size, grew_at = 0, time.perf_counter()
        deadline = grew_at + DEADLINE_SECONDS
        while True:
            now, found = time.perf_counter(), self._size()
            if found != size:
                size, grew_at = found, now
            elif now - grew_at > QUIET_SECONDS:
                if (counted := self._events()) == kept:
                    return grew_at
                if process.poll() is not None or now > deadline:
                    raise RuntimeError(f"{counted:,} of {kept:,} events are in, and no more come")
                # It has only paused.
                grew_at = time.perf_counter()
            time.sleep(LOOK_SECONDS)

    def rows(self) -> Devices:
        """The rows that are left when every change is taken together."""
        left: Counter[tuple[str, Totals]] = Counter()
        for change in self._changes():
            left[change.device, change.totals] += change.multiplicity
        rows = [row for row, number in left.items() for _ in range(number)]
        if len(rows) != len(dict(rows)):
            raise RuntimeError("a device has several rows")
        return dict(rows)

    def _size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def _events(self) -> int:
        return sum(change.multiplicity * change.totals[0] for change in self._changes())

    def _changes(self) -> Iterator[Change]:
        if not self.path.exists():
            return
        with self.path.open() as lines:
            for line in lines:
                # While the peer runs, the last line may not be all there yet.
                change = self.parse(line) if line.endswith("\n") else None
                if change is not None:
                    yield change
