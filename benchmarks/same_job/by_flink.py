"""Flink SQL's turn; the job itself is flink_job.py, which says how Flink is set."""

import re
import tempfile
from pathlib import Path

from benchmarks.same_job.changelog import Change, Changelog
from benchmarks.same_job.environments import flink_connector, python_with
from benchmarks.same_job.feed import Feed
from benchmarks.same_job.peers import Peer, measure
from penstock.services.jars import find_java

REQUIREMENT = "apache-flink==2.3.0"
JOB = Path(__file__).with_name("flink_job.py")
# What the print sink writes: `2> +U[anon-1, 7, 3, 2026-…, 2026-…]`.
_LINE = re.compile(r"(?:\d+> )?([+-])[IUD]\[(\S+), (\d+), (-?\d+), (\S+), (\S+)\]")


def flink_rate(feed: Feed) -> float:
    """Events a second; the rows are compared."""
    python = python_with("flink", REQUIREMENT)
    jar = flink_connector()
    with tempfile.TemporaryDirectory(prefix="penstock-") as place:
        output = Path(place) / "output"
        command = [str(python), str(JOB), feed.bootstrap, feed.topic, str(jar)]
        environment = {"JAVA_HOME": str(Path(find_java()).resolve().parents[1])}
        changelog = Changelog(output, _change)
        return measure(Peer("Flink SQL", command, environment, output, changelog), feed)


def _change(line: str) -> Change | None:
    found = _LINE.match(line)
    if found is None:
        return None
    sign, device, events, items, first, last = found.groups()
    return Change(1 if sign == "+" else -1, device, (int(events), int(items), first, last))
