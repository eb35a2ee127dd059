"""Penstock's turn: `dbt run` of the project beside this file, then `penstock connect`."""

import json
import subprocess
import time
from collections import Counter
from pathlib import Path

import psycopg

from benchmarks.same_job.events import Devices, Sent
from benchmarks.same_job.feed import Feed
from benchmarks.stack import ROOT, Stack, dbt
from penstock.control import create_roles, ensure_control_plane
from penstock.testing.services import fresh_database

PROJECT = Path(__file__).with_name("dbt")
DEADLINE_SECONDS = 600.0
POLL_SECONDS = 0.01


def penstock_rate(services: Stack, feed: Feed) -> float:
    """Events a second; the rows are compared. Each commit holds its offsets, rows and views."""
    name = f"bench_{feed.topic}"
    create_roles(services.server.url, name)
    with fresh_database(services.server, f"{name}_models") as database:
        ensure_control_plane(database.url)
        places = ["--project-dir", str(PROJECT), "--profiles-dir", str(ROOT)]
        dbt(database.url, "run", *places, "--vars", json.dumps({"topic": feed.topic}))
        warm, whole = _ends(feed.input.warm), _ends(feed.input.warm + feed.input.rest)
        with services.connector(database, name) as process:
            _wait_for(warm, database.connection, process)
            began = feed.release()
            ended = _wait_for(whole, database.connection, process)
        feed.input.check("Penstock", rows_of(database.connection, "devices"))
    return feed.rate(began, ended)


def rows_of(connection: psycopg.Connection, devices: str) -> Devices:
    """The rows of a relation with the columns of the model `devices`."""
    query = f"select device_id, events, items, first_at, last_at from {devices}"  # noqa: S608
    return {
        device: (events, int(items), first, last)
        for device, events, items, first, last in connection.execute(query.encode())
    }


def _ends(messages: list[Sent]) -> dict[int, int]:
    """How far each partition is when these are in: they lie at 0, 1, 2, …, markers behind them."""
    return dict(Counter(sent.partition for sent in messages))


def _wait_for(
    ends: dict[int, int], connection: psycopg.Connection, process: subprocess.Popen[bytes]
) -> float:
    """Wait until every partition is in so far; return the moment."""
    deadline = time.perf_counter() + DEADLINE_SECONDS
    query = "select partition, next_offset from penstock.source_offsets"
    while True:
        found: dict[int, int] = dict(connection.execute(query).fetchall())
        if all(found.get(partition, 0) >= end for partition, end in ends.items()):
            return time.perf_counter()
        if process.poll() is not None:
            raise RuntimeError("Penstock: the connector ended early")
        if time.perf_counter() > deadline:
            raise RuntimeError("Penstock: not all events came in")
        time.sleep(POLL_SECONDS)
