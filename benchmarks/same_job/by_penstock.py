"""Penstock's turn: `dbt run` of the project beside this file, then `penstock connect`."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from benchmarks.same_job.events import Devices
from benchmarks.same_job.feed import Feed
from benchmarks.stack import PARTITIONS, ROOT, Stack, dbt
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
        with services.connector(database, name) as process:

            def wait_for(events: Callable[[int], int]) -> float:
                wanted = {number: events(number) for number in range(PARTITIONS)}
                deadline = time.perf_counter() + DEADLINE_SECONDS
                while not _covers(database.connection, wanted):
                    if process.poll() is not None:
                        raise RuntimeError("Penstock: the connector ended early")
                    if time.perf_counter() > deadline:
                        raise RuntimeError("Penstock: not all events came in")
                    time.sleep(POLL_SECONDS)
                return time.perf_counter()

            wait_for(lambda number: sum(sent.partition == number for sent in feed.input.warm))
            began = feed.release()
            ended = wait_for(feed.input.in_partition)
        feed.input.check("Penstock", rows_of(database.connection, "devices"))
    return feed.rate(began, ended)


def rows_of(connection: psycopg.Connection, devices: str) -> Devices:
    """The rows of a relation with the columns of the model `devices`."""
    query = f"select device_id, events, items, first_at, last_at from {devices}"  # noqa: S608
    return {
        device: (events, int(items), first, last)
        for device, events, items, first, last in connection.execute(query.encode())
    }


def _covers(connection: psycopg.Connection, wanted: dict[int, int]) -> bool:
    """Whether every partition is in: messages of ours lie at offsets 0, 1, 2, …, markers behind."""
    query = "select partition, next_offset from penstock.source_offsets"
    found: dict[int, int] = dict(connection.execute(query).fetchall())
    return all(found.get(number, 0) >= events for number, events in wanted.items())
