"""A benchmark that is told to end leaves nothing behind: no server, no file."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from benchmarks import machine

from penstock.services.process import wait_until

ROOT = Path(__file__).parents[2]
SECONDS = 90.0


def test_sigterm_stops_the_servers_that_a_benchmark_started() -> None:
    with tempfile.TemporaryDirectory(prefix="penstock-") as name:
        place = Path(name)
        # The user that PostgreSQL runs as must be able to enter it.
        place.chmod(0o755)
        if machine.filesystem(place) in machine.IN_MEMORY:
            pytest.skip("temporary files are in memory here, where no benchmark runs")
        benchmark = subprocess.Popen(
            [sys.executable, "-m", "benchmarks", "dbt_run", "--quick"],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            # Of the two the broker is started last, and its file is written when it answers.
            assert wait_until(lambda: any(place.glob("*/*/broker.json")), seconds=SECONDS)
            (postgres,) = place.glob("*/data/postmaster.pid")
            (broker,) = place.glob("*/*/broker.json")
            servers = [
                int(postgres.read_text().splitlines()[0]),
                int(json.loads(broker.read_text())["pid"]),
            ]
            assert all(is_alive(pid) for pid in servers)
            benchmark.send_signal(signal.SIGTERM)
            assert benchmark.wait(SECONDS) == 128 + signal.SIGTERM
        finally:
            benchmark.kill()
            benchmark.wait()
        assert not any(is_alive(pid) for pid in servers)
        assert not list(place.iterdir())


def is_alive(pid: int) -> bool:
    """Tell whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
