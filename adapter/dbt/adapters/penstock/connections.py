"""Connections of dbt to PostgreSQL: opened with the profile's parameters, the version checked."""

from typing import Any

import psycopg2  # type: ignore[import-untyped]
from psycopg2 import sql

from dbt.adapters.contracts.connection import Connection
from dbt.adapters.events.logging import AdapterLogger
from dbt.adapters.penstock.credentials import PenstockCredentials
from dbt.adapters.postgres.connections import PostgresConnectionManager

logger = AdapterLogger("Penstock")

OLDEST, NEWEST = 13, 18
# Types that psycopg2 has no name for, by oid, for the messages of contracts.
TYPE_NAMES = {
    142: "XML",
    650: "CIDR",
    790: "MONEY",
    869: "INET",
    1560: "BIT",
    1562: "VARBIT",
    2950: "UUID",
    2951: "UUIDARRAY",
    3614: "TSVECTOR",
    3904: "INT4RANGE",
    3906: "NUMRANGE",
    3908: "TSRANGE",
    3910: "TSTZRANGE",
    3912: "DATERANGE",
    3926: "INT8RANGE",
}


class PenstockConnectionManager(PostgresConnectionManager):
    """dbt-postgres's connections, opened from a URL or keys."""

    TYPE = "penstock"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open a connection that dbt is about to use."""
        if connection.state == "open":
            logger.debug("Connection is already open, skipping open.")
            return connection
        credentials: PenstockCredentials = connection.credentials

        def connect() -> Any:
            handle = psycopg2.connect(**credentials.parameters())
            try:
                check_version(handle.server_version)
                if credentials.role:
                    role = sql.Identifier(credentials.role)
                    handle.cursor().execute(sql.SQL("set role {}").format(role))
            except BaseException:
                handle.close()
                raise
            return handle

        return cls.retry_connection(
            connection,
            connect=connect,
            logger=logger,
            retry_limit=credentials.retries,
            retry_timeout=lambda attempt: attempt * attempt,
            retryable_exceptions=[psycopg2.errors.OperationalError],
        )

    @classmethod
    def data_type_code_to_name(cls, type_code: int | str) -> str:
        """Name a result's type; a contract compares these names and shows them."""
        if type_code in TYPE_NAMES:
            return TYPE_NAMES[int(type_code)]
        return str(super().data_type_code_to_name(type_code))


def check_version(server_version: int) -> None:
    """Refuse a server that is too old; say once that a newer one was not tested.

    server_version: as libpq tells it, 150004 for 15.4.
    """
    from penstock.errors import PenstockError  # noqa: PLC0415 - only when a server answers

    major = server_version // 10_000
    if major < OLDEST:
        raise PenstockError(
            f"PostgreSQL {major} is too old: Penstock needs {OLDEST} to {NEWEST}",
            hint="connect to a newer server",
        )
    if major > NEWEST and not _warned:
        _warned.append(major)
        logger.warning(f"PostgreSQL {major} is newer than {NEWEST}, the newest that was tested")


_warned: list[int] = []
