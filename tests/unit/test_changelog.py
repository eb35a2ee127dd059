"""What a peer of the same-job benchmark has told, read while it may be writing."""

from pathlib import Path

from benchmarks.same_job.by_pathway import _change
from benchmarks.same_job.changelog import Changelog

HEAD = "device_id,events,items,first_seen,last_seen,time,diff\n"


def test_a_line_that_is_still_being_written_is_no_line_yet(tmp_path: Path) -> None:
    told = tmp_path / "devices.csv"
    changelog = Changelog(told, _change)
    assert changelog.rows() == {}

    told.write_text(HEAD + "d1,2,5,t1,t2,100,1\nd2,1")
    assert changelog.rows() == {"d1": (2, 5, "t1", "t2")}

    told.write_text(HEAD + "d1,2,5,t1,t2,100,1\nd2,1,0,t3,t3,100,1\n")
    assert set(changelog.rows()) == {"d1", "d2"}
