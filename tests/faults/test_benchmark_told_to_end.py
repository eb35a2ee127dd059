"""A benchmark that is told to end leaves nothing behind: no server, no file."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from benchmarks import machine

from penstock.services.kafka import Broker, running_kafka
from penstock.services.postgres import Server, running_postgres
from penstock.services.process import wait_until

ROOT = Path(__file__).parents[2]
SECONDS = 90.0


# A machine that cannot run a broker says so there, and Kafka's jars are fetched.
@pytest.mark.usefixtures("kafka_broker")
def test_sigterm_stops_the_servers_that_a_benchmark_started() -> None:
    with tempfile.TemporaryDirectory(prefix="penstock-") as name:
        place = Path(name)
        # The user that PostgreSQL runs as must be able to enter it.
        place.chmod(0o755)
        if machine.filesystem(place) in machine.IN_MEMORY:
            pytest.skip("temporary files are in memory here, where no benchmark runs")
        benchmark = subprocess.Popen(
            [sys.executable, "-m", "benchmarks", "dbt_run", "merge_storm", "--quick"],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        servers: list[Server | Broker] = []
        try:
            assert wait_until(lambda: len(running(place)) == 2, seconds=SECONDS)
            servers = running(place)
            benchmark.send_signal(signal.SIGTERM)
            assert benchmark.wait(SECONDS) == 128 + signal.SIGTERM
            assert not any(server.is_alive() for server in servers)
            assert not list(place.iterdir())
        finally:
            benchmark.kill()
            benchmark.wait()
            for server in servers:
                server.kill()


def running(place: Path) -> list[Server | Broker]:
    """The servers that run on data somewhere below `place`."""
    found = [
        find(data) for data in place.glob("*/data") for find in (running_postgres, running_kafka)
    ]
    return [server for server in found if server is not None]
