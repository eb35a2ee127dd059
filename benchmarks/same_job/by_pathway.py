"""Pathway's turn; the job itself is pathway_job.py, which says how Pathway is set."""

import csv
import tempfile
from pathlib import Path

from benchmarks.same_job.changelog import Change, Changelog
from benchmarks.same_job.environments import python_with
from benchmarks.same_job.feed import Feed
from benchmarks.same_job.peers import Peer, measure

REQUIREMENT = "pathway==0.33.0"
JOB = Path(__file__).with_name("pathway_job.py")
# Workers: both cores; more than 8 need a licence. Whether one is faster beside the reader's own
# thread is open: on a busy machine each won two of four pairs of runs, and two workers took 12 to
# 28 % more processor time.
THREADS = 2


def pathway_rate(feed: Feed) -> float:
    """Events a second; the rows are compared."""
    python = python_with("pathway", REQUIREMENT)
    with tempfile.TemporaryDirectory(prefix="penstock-") as place:
        changes = Path(place) / "devices.csv"
        command = [str(python), str(JOB), feed.bootstrap, feed.topic, str(changes)]
        environment = {"PATHWAY_THREADS": str(THREADS)}
        output = Path(place) / "output"
        changelog = Changelog(changes, _change)
        return measure(Peer("Pathway", command, environment, output, changelog), feed)


def _change(line: str) -> Change | None:
    """Read a line of the file: the columns, then Pathway's time, then the multiplicity."""
    ((device, events, items, first, last, _, multiplicity),) = csv.reader([line])
    if device == "device_id":
        return None
    return Change(int(multiplicity), device, (int(events), int(items), first, last))
