"""Processes of a load that prepare first and begin at one moment.

What is timed from when it was due must not count the import of a library or the making of a load:
a sender that begins three seconds late sends those three seconds at once.
"""

from __future__ import annotations

import multiprocessing
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

SPAWN = multiprocessing.get_context("spawn")
PREPARED_SECONDS = 120.0
# From the moment when the last one is ready: all have read it by then.
AHEAD_SECONDS = 0.25


class Together:
    """A moment that `parties` processes agree on, each when it is ready; pass it as an argument."""

    def __init__(self, parties: int) -> None:
        self._barrier = SPAWN.Barrier(parties)
        self._moment: Synchronized[float] = SPAWN.Value("d", 0.0)

    def begin(self) -> float:
        """Wait until all are ready; give the moment, on the clock that all read (perf_counter).

        Raises BrokenBarrierError where one of them is not ready in two minutes.
        """
        if self._barrier.wait(PREPARED_SECONDS) == 0:
            self._moment.value = time.perf_counter() + AHEAD_SECONDS
        self._barrier.wait(PREPARED_SECONDS)
        return self._moment.value
