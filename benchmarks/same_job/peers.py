"""A peer's run: its process, from its start to the moment when its output covers all."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.same_job.events import Devices
from benchmarks.same_job.feed import Feed

STOP_SECONDS = 20.0


class Told(Protocol):
    """Where a peer writes the rows."""

    def wait_for(self, kept: int, process: subprocess.Popen[bytes]) -> float:
        """Wait until the rows count so many events; return the moment when they did."""

    def rows(self) -> Devices:
        """The rows as they are now."""


@dataclass(frozen=True, slots=True)
class Peer:
    """How to start it. output: what it prints goes there, which may be what it tells itself."""

    name: str
    command: list[str]
    environment: dict[str, str]
    output: Path
    told: Told


def measure(peer: Peer, feed: Feed) -> float:
    """Run the peer; compare its rows; return events a second."""
    of = feed.input
    errors = peer.output.with_name("errors")
    with _process(peer, errors) as process:
        try:
            peer.told.wait_for(of.warm_kept, process)
            began = feed.release()
            ended = peer.told.wait_for(of.kept, process)
        except RuntimeError as error:
            last = errors.read_text(errors="replace").strip()[-2_000:]
            raise RuntimeError(f"{peer.name}: {error}\n{last}") from error
    of.check(peer.name, peer.told.rows())
    return feed.rate(began, ended)


@contextmanager
def _process(peer: Peer, errors: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run in a group of its own, for a peer starts processes too; end the group."""
    with peer.output.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(
            peer.command,
            env=os.environ | peer.environment,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
