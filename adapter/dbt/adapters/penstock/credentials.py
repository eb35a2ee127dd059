"""Where the database is: the profile's keys, its `url`, or what `penstock up` wrote down."""

import getpass
import os
from dataclasses import dataclass
from typing import Annotated, Any

import psycopg2  # type: ignore[import-untyped]
from dbt_common.exceptions import DbtRuntimeError
from dbt_common.helper_types import Port
from mashumaro.jsonschema.annotations import Maximum, Minimum
from psycopg2.extensions import make_dsn, parse_dsn  # type: ignore[import-untyped]

from dbt.adapters.postgres.connections import PostgresCredentials

# Any of these in a profile says where the database is; `schema` and the rest do not.
PLACE = ("host", "port", "user", "password", "database")
UNKNOWN_PORT = Port(0)
# Stands for the database's name until one is known: `dbt parse` needs a name and no server.
UNKNOWN_DATABASE = "penstock"


@dataclass
class PenstockCredentials(PostgresCredentials):
    """The keys of dbt-postgres, all optional, and `url`.

    url: postgresql://user:password@host:port/dbname?parameter=value. Keys given beside it win.
    With neither a url nor a key that says where, the place is PENSTOCK_DATABASE_URL, else what
    `penstock up` wrote to .penstock/run/services.json. libpq's defaults fill what is missing.
    """

    database: str = ""
    schema: str = "public"
    host: str = ""
    user: str = ""
    port: Annotated[Port, Minimum(0), Maximum(65535)] = UNKNOWN_PORT
    password: str = ""
    url: str | None = None
    keepalives_interval: int = 0
    keepalives_count: int = 0

    def __post_init__(self) -> None:
        """Fill the keys from the URL, so that `dbt debug` shows where it goes."""
        given = any(getattr(self, name) for name in PLACE)
        if not self.url and not given:
            self.url = _known_url()
        self._is_placed = bool(self.url) or given
        place = _parts(self.url) if self.url else {}
        self.host = self.host or place.get("host", "")
        self.port = Port(self.port or int(place.get("port") or 0))
        self.user = self.user or place.get("user", "")
        self.password = self.password or place.get("password", "")
        self.database = self.database or place.get("dbname", "") or self._default_database()

    @property
    def type(self) -> str:
        """The adapter's name."""
        return "penstock"

    @property
    def unique_field(self) -> str:
        """Tell deployments apart; dbt hashes it."""
        return self.host or "local"

    def _connection_keys(self) -> tuple[str, ...]:
        """Name what `dbt debug` and `target` show; no password, and no URL that holds it."""
        inherited = super()._connection_keys()  # type: ignore[no-untyped-call]
        return (*inherited, "keepalives_interval", "keepalives_count")

    def parameters(self) -> dict[str, Any]:
        """Return libpq's connection parameters. Raises PenstockError when no place is known."""
        place = dict(_parts(self.url)) if self.url else {}
        if not self._is_placed:
            from penstock.settings import Settings  # noqa: PLC0415 - only where it is needed

            place = dict(_parts(Settings().require_database_url()))
        options = [place.pop("options", "")]
        if self.search_path:
            options.append("-c search_path={}".format(self.search_path.replace(" ", "\\ ")))
        own = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": self.database,
            "connect_timeout": self.connect_timeout,
            "keepalives_idle": self.keepalives_idle,
            "keepalives_interval": self.keepalives_interval,
            "keepalives_count": self.keepalives_count,
            "sslmode": self.sslmode,
            "sslcert": self.sslcert,
            "sslkey": self.sslkey,
            "sslrootcert": self.sslrootcert,
            "application_name": self.application_name,
            "options": " ".join(filter(None, options)),
        }
        # 0 and "" mean libpq's default: passed on they would mean themselves.
        return place | {name: value for name, value in own.items() if value}

    def conninfo(self) -> str:
        """Return a connection string for the control plane, acting as `role` like dbt itself."""
        parameters = self.parameters()
        if self.role:
            role = f"-c role={self.role}"
            parameters["options"] = f"{parameters.get('options', '')} {role}".strip()
        return str(make_dsn(**parameters))

    def _default_database(self) -> str:
        if not self._is_placed:
            return UNKNOWN_DATABASE
        environment = os.environ
        return (
            environment.get("PGDATABASE")
            or self.user
            or environment.get("PGUSER")
            or getpass.getuser()
        )


def _known_url() -> str | None:
    """Read the place from the environment or from `penstock up`; None when there is none yet."""
    from penstock.errors import PenstockError  # noqa: PLC0415 - a profile with keys needs neither
    from penstock.settings import Settings  # noqa: PLC0415

    try:
        return Settings().require_database_url()
    except PenstockError:
        return None


def _parts(url: str) -> dict[str, str]:
    try:
        return dict(parse_dsn(url))
    except psycopg2.Error:
        # libpq quotes the text, which may hold a password.
        raise DbtRuntimeError(
            "the database URL cannot be read\n"
            "hint: write it as postgresql://user:password@host:port/dbname"
        ) from None
