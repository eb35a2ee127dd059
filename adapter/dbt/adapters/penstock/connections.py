"""Connections of dbt to PostgreSQL: opened with the profile's parameters, the version checked."""

from typing import Any

import psycopg2  # type: ignore[import-untyped]
from psycopg2 import sql

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.events.logging import AdapterLogger
from dbt.adapters.penstock.credentials import PenstockCredentials
from dbt.adapters.postgres.connections import PostgresConnectionManager

logger = AdapterLogger("Penstock")

OLDEST, NEWEST = 13, 18
HINT = "hint: start the database with `penstock up`, or name one that runs in the profile"
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
            try:
                handle = psycopg2.connect(**credentials.parameters())
            except psycopg2.OperationalError as error:
                raise psycopg2.OperationalError(f"{str(error).strip()}\n{HINT}") from None
            try:
                check_version(handle.server_version)
                begin_session(handle, credentials)
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

    def release(self) -> None:
        """Keep the session for what this thread does next, with nothing left in it.

        dbt would close it, and open another for the next model: a new server process, which
        reads the catalogue anew before it knows a table. Closed when the command ends.
        """
        connection = self.get_if_exists()
        if connection is None or connection.state != ConnectionState.OPEN:
            return
        try:
            self.rollback_if_open()
            handle = connection.handle
            handle.rollback()  # what psycopg2 began by itself
            handle.autocommit = True
            handle.cursor().execute("discard all")
            begin_session(handle, connection.credentials)
            handle.autocommit = False
        except psycopg2.Error:
            super().release()

    def ask(self, sql: str) -> Any:
        """Run what changes nothing, and return its cursor.

        Not as add_query() does: that tells three events, which cost more than the question.
        """
        connection = self.get_thread_connection()
        with self.exception_handler(sql):
            cursor = connection.handle.cursor()
            cursor.execute(sql)
        return cursor

    def add_begin_query(self) -> tuple[Connection, Any]:
        """Begin a transaction."""
        return self.get_thread_connection(), self.ask("begin")

    def add_commit_query(self) -> tuple[Connection, Any]:
        """Commit, which dbt has told in an event of its own."""
        return self.get_thread_connection(), self.ask("commit")

    def add_select_query(self, sql: str) -> tuple[Connection, Any]:
        """Ask for the columns of a SELECT, as contracts do."""
        return self.get_thread_connection(), self.ask(self._add_query_comment(sql))

    @classmethod
    def data_type_code_to_name(cls, type_code: int | str) -> str:
        """Name a result's type; a contract compares these names and shows them."""
        if type_code in TYPE_NAMES:
            return TYPE_NAMES[int(type_code)]
        return str(super().data_type_code_to_name(type_code))


def begin_session(handle: Any, credentials: PenstockCredentials) -> None:
    """Act as the profile's role, if it names one."""
    if credentials.role:
        role = sql.Identifier(credentials.role)
        handle.cursor().execute(sql.SQL("set role {}").format(role))


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
