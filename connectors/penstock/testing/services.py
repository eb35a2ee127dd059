"""Pytest fixtures that start real services: add `pytest_plugins = ["penstock.testing.services"]`.

`postgres_server` is one server a session, `database` a fresh database a test, with the control
plane in it, `kafka_broker` one real broker a session. None of them is started before a test
asks for it.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pytest_postgresql.janitor import DatabaseJanitor

from penstock.control import OWNER, create_roles, ensure_control_plane, watch_ddl
from penstock.services.binaries import choose_binaries
from penstock.services.cluster import SUPERUSER, remove_postgres
from penstock.services.jars import BrokerUnavailable
from penstock.services.kafka import Broker, start_kafka
from penstock.services.postgres import Server, start_postgres
from penstock.services.process import accepts
from penstock.settings import Settings

TEMPLATE = "penstock_template"
# pytest-postgresql's janitor waits this long for a server that is gone; its own default is 60.
JANITOR_SECONDS = 5
# Files in memory, where there is room for several servers' databases. On a disk each database that
# is made costs three times the CPU seconds, in the kernel.
MEMORY = Path("/dev/shm")  # noqa: S108 - a directory of its own is made in it
MEMORY_GB = 4


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one test's own, with the control plane in it.

    url: the owner's, for further connections. connection: psycopg 3, autocommit, the owner's.
    """

    url: str
    connection: psycopg.Connection
    server: Server

    @property
    def name(self) -> str:
        """The database's name."""
        return self.connection.info.dbname

    def connect(self, *, autocommit: bool = True) -> psycopg.Connection:
        """Open another connection; the caller closes it."""
        return psycopg.connect(self.url, autocommit=autocommit)

    def url_for(self, role: str) -> str:
        """Return the URL of another role, such as `penstock_connector`."""
        return self.server.url_for(role, self.name)


@contextmanager
def server_place(*, durable: bool = False) -> Iterator[Path]:
    """Give a directory for a server's data that its user can enter, and clear it afterwards.

    durable: on a disk; else in memory where there is room, unless TMPDIR names a place.
    As root, pytest's own tmp_path cannot be entered by the user the server runs as.
    """
    parent = None if durable or "TMPDIR" in os.environ or not _has_room(MEMORY) else MEMORY
    with tempfile.TemporaryDirectory(
        prefix="penstock-", dir=parent, ignore_cleanup_errors=True
    ) as name:
        place = Path(name)
        place.chmod(0o755)
        yield place / "data"
        remove_postgres(place / "data")


def _has_room(place: Path) -> bool:
    """Tell whether files in memory can be made there; in a container there is often no room."""
    return os.access(place, os.W_OK | os.X_OK) and shutil.disk_usage(place).free > MEMORY_GB << 30


@contextmanager
def fresh_database(server: Server, name: str, *, template: str | None = None) -> Iterator[Database]:
    """Create a database on `server`, connect to it as its owner, drop it at the end."""
    janitor = DatabaseJanitor(
        user=SUPERUSER,
        host="127.0.0.1",
        port=server.port,
        dbname=name,
        template_dbname=template,
        connection_timeout=JANITOR_SECONDS,
    )
    janitor.init()
    try:
        with psycopg.connect(server.url, autocommit=True) as superuser:
            superuser.execute(
                sql.SQL("alter database {} owner to {}").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )
        url = server.url_for(OWNER, name)
        with psycopg.connect(url, autocommit=True) as connection:
            yield Database(url, connection, server)
    finally:
        # Perhaps as another process: it may have been killed and started again.
        if accepts(server.port):
            janitor.drop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One PostgreSQL for the session: fast, and not to be used for tests of crashes.

    PENSTOCK_POSTGRES_VERSION picks one of the machine's versions.
    """
    binaries = choose_binaries(Settings().postgres_version)
    with (
        server_place() as place,
        start_postgres(place, binaries=binaries, durable=False) as server,
    ):
        create_roles(server.url, TEMPLATE)
        ensure_control_plane(server.url_for(OWNER, TEMPLATE))
        watch_ddl(server.url, TEMPLATE)
        yield server


@pytest.fixture(scope="session")
def _database_numbers() -> Iterator[int]:
    return itertools.count(1)


@pytest.fixture
def database(postgres_server: Server, _database_numbers: Iterator[int]) -> Iterator[Database]:
    """Give the test a database of its own, migrated, on the session's server."""
    name = f"test_{next(_database_numbers)}"
    with fresh_database(postgres_server, name, template=TEMPLATE) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def kafka_broker() -> Iterator[Broker]:
    """One real broker for the session.

    Skips where the machine cannot run one, and says why; with CI=true that is a failure.
    """
    libs = Settings().state_dir / "kafka" / "libs"
    with tempfile.TemporaryDirectory(prefix="penstock-", ignore_cleanup_errors=True) as name:
        try:
            broker = start_kafka(Path(name) / "kafka", libs=libs)
        except BrokerUnavailable as error:
            if in_ci():
                raise
            pytest.skip(f"no Kafka broker: {error.primary}")
        with broker:
            yield broker


def in_ci() -> bool:
    """Tell whether this is a CI run, where a missing service is a failure and not a skip."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")
