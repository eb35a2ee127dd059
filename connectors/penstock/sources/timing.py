"""A connector's part in `penstock profile`: its batches are timed while somebody watches."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import errors
from psycopg.types.json import Jsonb

from penstock.sources.batch import Batch
from penstock.sources.laps import Laps

_NOTE = "insert into penstock.timed_batches (events, bytes, phases) values (%s, %s, %s)"


def is_profiled(connection: psycopg.Connection) -> bool:
    """Ask whether somebody watches; a control plane from before there was profiling says no."""
    try:
        return connection.execute("select penstock.is_profiled()", prepare=True).fetchone() == (
            True,
        )
    except (errors.UndefinedFunction, errors.InvalidSchemaName):
        return False


class Timing:
    """Times the batches of one connection; for the thread that commits.

    reading: what the other thread's phases took for the batch that comes next.
    """

    def __init__(self, writer: psycopg.Connection) -> None:
        self.reading: dict[str, int] = {}
        self.writer = writer
        self._laps = Laps()
        self._is_on = False

    @contextmanager
    def of(self, batch: Batch, *, on: bool) -> Iterator[Laps]:
        """Give the laps of a batch; when it is in and timing is on, note them.

        on: whether trigger functions note their times, too. What goes wrong with noting is not
        the batch's failure.
        """
        reading = self.reading
        self._laps.mark("waiting")
        if on != self._is_on:
            self.writer.execute(
                "select set_config('penstock.timing', %s, false)", ["on" if on else "off"]
            )
            self._is_on = on
            self._laps.mark("noting")
        yield self._laps
        phases = self._laps.take()
        phases |= {phase: reading[phase] for phase in ("read", "decode") if phase in reading}
        if on:
            with suppress(psycopg.Error):
                self.writer.execute(
                    _NOTE, (len(batch.outcomes), batch.bytes, Jsonb(phases)), prepare=True
                )
            self._laps.mark("noting")
