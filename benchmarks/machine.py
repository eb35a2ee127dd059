"""What the figures were measured on, and a server that writes to a disk of it."""

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from penstock.errors import PenstockError
from penstock.services.postgres import Server, start_postgres
from penstock.testing.services import server_place

# Here fsync returns at once, and a commit waits for nothing.
IN_MEMORY = ("tmpfs", "ramfs")


def machine() -> str:
    """Cores, memory, system and where files are, as a reader compares them."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    parts = (
        f"{os.cpu_count()} cores",
        f"{pages:.0f} GiB",
        platform.machine(),
        _said("pg_config", "--version"),
        f"files on {filesystem(Path(tempfile.gettempdir()))}",
    )
    return ", ".join(part for part in parts if part)


def stolen_seconds() -> float:
    """How long, over all cores, the host has run others than this machine since it started.

    Source: proc_stat(5), `steal`.
    """
    steal = Path("/proc/stat").read_text().split(maxsplit=9)[8]
    return int(steal) / os.sysconf("SC_CLK_TCK")


def filesystem(place: Path) -> str:
    """The type of the file system that a directory is on, as `df` names it."""
    *_, kind = _said("df", "--output=fstype", str(place)).split() or ["unknown"]
    return kind


@contextmanager
def durable_place() -> Iterator[Path]:
    """Give a directory for a server's data on a disk; raise PenstockError where it is in memory."""
    with server_place(durable=True) as place:
        kind = filesystem(place.parent)
        if kind in IN_MEMORY:
            raise PenstockError(
                "the servers' files would be in memory, where a commit waits for nothing",
                f"{place.parent} is on {kind}",
                "set TMPDIR to a directory on a disk",
            )
        yield place


@contextmanager
def durable_server() -> Iterator[Server]:
    """Start PostgreSQL as its users run it: fsync on, files on a disk."""
    with durable_place() as place, start_postgres(place, durable=True) as server:
        yield server


def _said(*command: str) -> str:
    """What a program prints; nothing where there is no such program."""
    if shutil.which(command[0]) is None:
        return ""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
