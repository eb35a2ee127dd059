"""A project's services: what `penstock up` starts or attaches to, and `penstock down` stops."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from penstock.control import CONNECTOR, OWNER, create_roles, ensure_control_plane, watch_ddl
from penstock.errors import PenstockError
from penstock.services.binaries import choose_binaries
from penstock.services.jars import BrokerUnavailable
from penstock.services.kafka import Broker, running_kafka, start_kafka
from penstock.services.postgres import Server, running_postgres, start_postgres
from penstock.settings import Services, Settings

DATABASE = "penstock"


@dataclass(frozen=True, slots=True)
class Started:
    """What is up now. server, broker: None where the user has their own.

    broker_missing: why there is no broker of ours on this machine.
    """

    services: Services
    server: Server | None
    broker: Broker | None
    broker_missing: BrokerUnavailable | None = None

    @property
    def psql(self) -> str:
        """The command that opens the database; a password in it is for the user's own eyes."""
        if self.server is None:
            return 'psql "$PENSTOCK_DATABASE_URL"'
        own = self.server.binaries.program("psql")
        return f"{'psql' if shutil.which('psql') else own} {self.services.database_url}"


def start_services(settings: Settings) -> Started:
    """Start what is not running and attach to what is; then bring the control plane up.

    Idempotent. A database or a broker named in the environment is used as it is and never
    started or stopped. Without Java or Maven there is no broker, and `broker_missing` says so.
    """
    with _one_at_a_time(settings.state_dir):
        server = None if settings.database_url else _server(settings)
        if server is None:
            database_url, connector_url = settings.require_database_url(), None
        else:
            create_roles(server.url, DATABASE)
            database_url = server.url_for(OWNER, DATABASE)
            connector_url = server.url_for(CONNECTOR, DATABASE)
        ensure_control_plane(database_url)
        if server is not None:
            watch_ddl(server.url, DATABASE)
        broker, missing = None, None
        if settings.kafka_bootstrap is None:
            try:
                broker = _broker(settings)
            except BrokerUnavailable as error:
                missing = error
        services = Services(
            database_url=database_url,
            connector_url=connector_url,
            kafka_bootstrap=broker.bootstrap if broker else settings.kafka_bootstrap,
            postgres_pid=server.pid if server else None,
            kafka_pid=broker.pid if broker else None,
        )
        services.write(settings.state_dir)
        return Started(services, server, broker, missing)


def stop_services(settings: Settings) -> list[str]:
    """Stop the project's own servers and return what was stopped, in words; data stays."""
    stopped = []
    with _one_at_a_time(settings.state_dir):
        broker = running_kafka(kafka_place(settings))
        if broker is not None:
            broker.stop()
            stopped.append("Kafka")
        server = running_postgres(postgres_place(settings))
        if server is not None:
            server.stop()
            stopped.append("PostgreSQL")
        Services.file(settings.state_dir).unlink(missing_ok=True)
    return stopped


def postgres_place(settings: Settings) -> Path:
    """Where the project's own PostgreSQL keeps its data (see `usable_place` for root)."""
    return settings.state_dir / "postgres"


def kafka_place(settings: Settings) -> Path:
    """Where the project's own broker keeps its data."""
    return settings.state_dir / "kafka" / "data"


def _server(settings: Settings) -> Server:
    place = postgres_place(settings)
    running = running_postgres(place)
    if running is not None:
        return running
    version = settings.postgres_version
    return start_postgres(place, binaries=choose_binaries(version) if version else None)


def _broker(settings: Settings) -> Broker:
    place = kafka_place(settings)
    return running_kafka(place) or start_kafka(place, libs=settings.state_dir / "kafka" / "libs")


@contextmanager
def _one_at_a_time(state_dir: Path) -> Iterator[None]:
    """Hold the project's lock: two `penstock up` at once start one set of services."""
    run = state_dir / "run"
    try:
        run.mkdir(parents=True, exist_ok=True)
        lock = (run / "lock").open("w")
    except OSError as error:
        raise PenstockError(
            f"the project's folder cannot be written: {error.strerror}",
            detail=str(run),
            hint="run the command in a project of yours, or set PENSTOCK_PROJECT_DIR",
        ) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
