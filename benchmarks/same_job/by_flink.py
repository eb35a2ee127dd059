"""Flink SQL's turns, at its fastest and kept; the job itself is flink_job.py, which says how."""

import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.same_job.by_penstock import rows_of
from benchmarks.same_job.changelog import DEADLINE_SECONDS, Change, Changelog
from benchmarks.same_job.environments import flink_connectors, python_with
from benchmarks.same_job.events import Devices
from benchmarks.same_job.feed import Feed
from benchmarks.same_job.peers import Peer, measure
from benchmarks.stack import Stack
from penstock.control import create_roles
from penstock.services.cluster import SUPERUSER
from penstock.services.jars import find_java
from penstock.testing.services import fresh_database

REQUIREMENT = "apache-flink==2.3.0"
JOB = Path(__file__).with_name("flink_job.py")
# What the print sink writes: `2> +U[anon-1, 7, 3, 2026-…, 2026-…]`.
_LINE = re.compile(r"(?:\d+> )?([+-])[IUD]\[(\S+), (\d+), (-?\d+), (\S+), (\S+)\]")
# A look adds all rows up.
LOOK_SECONDS = 0.5
TABLE = """
create table devices (
    device_id text primary key,
    events bigint not null,
    items bigint not null,
    first_at text not null,
    last_at text not null
)
"""


def flink_rate(feed: Feed) -> float:
    """Events a second, printed; the rows are compared."""
    with tempfile.TemporaryDirectory(prefix="penstock-") as place:
        output = Path(place) / "output"
        told = Changelog(output, _change)
        return measure(Peer("Flink SQL", _command(feed), _environment(), output, told), feed)


def kept_flink_rate(services: Stack, feed: Feed) -> float:
    """Events a second, into the server that Penstock uses, with checkpoints; rows are compared."""
    name = f"bench_{feed.topic}"
    create_roles(services.server.url, name)
    with (
        fresh_database(services.server, f"{name}_flink") as database,
        tempfile.TemporaryDirectory(prefix="penstock-") as place,
    ):
        database.connection.execute(TABLE)
        url = (
            f"jdbc:postgresql://127.0.0.1:{services.server.port}/{database.name}"
            f"?user={SUPERUSER}&reWriteBatchedInserts=true"
        )
        command = [*_command(feed), url, f"{place}/checkpoints"]
        told = _Table(database.connection)
        output = Path(place) / "output"
        return measure(Peer("Flink SQL, kept", command, _environment(), output, told), feed)


@dataclass(frozen=True, slots=True)
class _Table:
    """The table of one run."""

    connection: psycopg.Connection

    def wait_for(self, kept: int, process: subprocess.Popen[bytes]) -> float:
        """See peers.Told."""
        deadline = time.perf_counter() + DEADLINE_SECONDS
        while True:
            ((counted,),) = self.connection.execute("select sum(events) from devices").fetchall()
            now = time.perf_counter()
            if counted == kept:
                return now
            if process.poll() is not None or now > deadline:
                raise RuntimeError(f"{counted or 0:,} of {kept:,} events are in, no more come")
            time.sleep(LOOK_SECONDS)

    def rows(self) -> Devices:
        """See peers.Told."""
        return rows_of(self.connection, "devices")


def _command(feed: Feed) -> list[str]:
    jars = ";".join(f"file://{jar}" for jar in flink_connectors())
    return [str(python_with("flink", REQUIREMENT)), str(JOB), feed.bootstrap, feed.topic, jars]


def _environment() -> dict[str, str]:
    return {"JAVA_HOME": str(Path(find_java()).resolve().parents[1])}


def _change(line: str) -> Change | None:
    found = _LINE.match(line)
    if found is None:
        return None
    sign, device, events, items, first, last = found.groups()
    return Change(1 if sign == "+" else -1, device, (int(events), int(items), first, last))
