"""The demo's way: services, models, a stream, and what became of it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from rich.console import Console

from penstock.control import (
    CONNECTOR,
    OWNER,
    connect,
    create_roles,
    ensure_control_plane,
    watch_ddl,
)
from penstock.demo.report import describe
from penstock.demo.stream import make_topic, stream
from penstock.errors import PenstockError
from penstock.services.mock import start_mock
from penstock.services.project import Started, start_services
from penstock.settings import Settings

MESSAGES = 60_000
# Of its own, for the in-process broker: its offsets begin at 0 each time.
MOCK_DATABASE = "penstock_demo"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the demo runs."""

    database_url: str
    connector_url: str
    bootstrap: str
    psql: str


def run(settings: Settings, count: int = MESSAGES) -> None:
    """Run the demo from beginning to end; raises PenstockError when a part fails."""
    console = Console()
    with console.status("starting PostgreSQL and Kafka (the first time fetches Kafka's jars)"):
        started = start_services(settings)
    with _place(started, console) as place:
        with console.status("building the models with dbt"):
            _dbt_run(settings, place)
        console.print(f"models built; streaming {count:,} events through {place.bootstrap}")
        with connect(place.database_url) as connection:
            before = describe(connection)
        began = time.monotonic()
        stream(place.connector_url, place.database_url, place.bootstrap, count, console)
        seconds = time.monotonic() - began
        with connect(place.database_url) as connection:
            after = describe(connection)
        console.print(f"{count:,} messages in {seconds:.1f} s, {count / seconds:,.0f}/s\n")
        after.show(console, since=before)
        console.print("\nlook around:")
        console.print(f"  {place.psql}", soft_wrap=True, highlight=False)
        console.print("  select * from profiles limit 10;      penstock status      penstock down")


@contextmanager
def _place(started: Started, console: Console) -> Iterator[Place]:
    """Give the demo a broker: the real one, else one in this process, on a database of its own."""
    services = started.services
    if services.kafka_bootstrap is not None:
        make_topic(services.kafka_bootstrap)
        yield Place(
            services.database_url,
            services.connector_url or services.database_url,
            services.kafka_bootstrap,
            started.psql,
        )
        return
    missing = started.broker_missing
    if missing is None or started.server is None:
        raise PenstockError(
            f"no Kafka broker: {missing.primary if missing else 'none is named'}",
            hint="set PENSTOCK_KAFKA_BOOTSTRAP, or install Java 17 and Maven",
        )
    told = f"{missing.primary}: an in-process broker stands in, on a database of its own"
    console.print(told, soft_wrap=True)
    with psycopg.connect(started.server.url, autocommit=True) as superuser:
        superuser.execute(f"drop database if exists {MOCK_DATABASE} with (force)".encode())
    create_roles(started.server.url, MOCK_DATABASE)
    url = started.server.url_for(OWNER, MOCK_DATABASE)
    ensure_control_plane(url)
    watch_ddl(started.server.url, MOCK_DATABASE)
    connector_url = started.server.url_for(CONNECTOR, MOCK_DATABASE)
    with start_mock() as broker:
        psql = started.psql.replace(services.database_url, url)
        yield Place(url, connector_url, broker.bootstrap, psql)


def _dbt_run(settings: Settings, place: Place) -> None:
    """Run dbt in the project, quietly; its own words are shown when it fails."""
    command = [sys.executable, "-m", "dbt.cli.main", "run", "--quiet"]
    environment = os.environ | {"PENSTOCK_DATABASE_URL": place.database_url}
    done = subprocess.run(  # noqa: S603
        command, cwd=settings.root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise PenstockError(
            "dbt run failed",
            detail=(done.stdout + done.stderr).strip()[-2_000:],
            hint="run `dbt run` in the project to see all of it",
        )
