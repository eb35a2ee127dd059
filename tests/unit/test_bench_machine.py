"""Figures of durable commits need a disk that they wait for."""

import tempfile
from pathlib import Path

import pytest
from benchmarks import machine

from penstock.errors import PenstockError


def test_a_server_is_not_measured_with_its_files_in_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shared_memory = Path("/dev/shm")  # noqa: S108 - nothing is left in it
    if machine.filesystem(shared_memory) not in machine.IN_MEMORY:
        pytest.skip("no file system in memory here")
    monkeypatch.setenv("TMPDIR", str(shared_memory))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with pytest.raises(PenstockError, match="in memory"), machine.durable_place():
        pass

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    if machine.filesystem(tmp_path) not in machine.IN_MEMORY:
        with machine.durable_place() as place:
            assert place.is_relative_to(tmp_path)
