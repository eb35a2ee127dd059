"""The edge to PostgreSQL: connecting, our number among the connectors, ending frozen ones."""

from itertools import count

import psycopg

from penstock.errors import PenstockError

CONNECT_SECONDS = 5
# A living connector lets the server wait for milliseconds in the middle of a transaction.
FROZEN_SECONDS = 5.0

_END_FROZEN = """
select pg_terminate_backend(pid)
from pg_stat_activity
where pid = any (pg_blocking_pids(%s))
    and application_name = %s
    and usename = current_user
    and wait_event = 'ClientRead'
    and now() - state_change > make_interval(secs => %s)
"""


class NotConnectedError(Exception):
    """The server did not let us in, or did not answer."""


def connect(url: str, group: str) -> psycopg.Connection:
    """Open a connection of a group's connector, in autocommit.

    Raises NotConnectedError where waiting may help, PenstockError where the URL is none.
    """
    try:
        connection = psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            application_name=application_name(group),
        )
        # A machine that vanished must not hold its locks for the two hours of the default.
        connection.execute(
            "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5;"
            " set tcp_keepalives_count = 3"
        )
    except psycopg.ProgrammingError as failure:
        # Its words may hold the password.
        raise PenstockError(
            "the database URL cannot be read", hint="see PENSTOCK_DATABASE_URL"
        ) from failure
    except psycopg.OperationalError as failure:
        raise NotConnectedError(str(failure)) from failure
    return connection


def application_name(group: str) -> str:
    """Name a group's connectors to the server."""
    return f"penstock connect {group}"


def is_disconnection(failure: psycopg.Error) -> bool:
    """Tell a broken connection from a statement that failed.

    Class 08 is connection exceptions, 57P the operator's intervention; libpq's own have none.
    """
    return isinstance(failure, psycopg.OperationalError) and (
        failure.sqlstate is None or failure.sqlstate.startswith(("08", "57P"))
    )


def claim_number(connection: psycopg.Connection, group: str) -> int:
    """Claim the lowest number no living connector of the group has, for as long as we live.

    It names the connector to Kafka. One that returns after kill -9 finds its number free, as the
    server has seen the connection break, and Kafka gives it its partitions back without a wait.
    """
    for number in count():
        claimed = connection.execute(
            "select pg_try_advisory_lock(hashtext('penstock connect ' || %s), %s)", (group, number)
        ).fetchone()
        if claimed == (True,):
            return number
    raise AssertionError


def end_frozen(control: psycopg.Connection, waiting_pid: int, group: str) -> int:
    """End the group's connectors that keep `waiting_pid` waiting and have gone silent themselves.

    A process that is stopped, or whose machine is suspended, keeps its locks: its partitions'
    offsets, and those of every view it maintains. Kafka gives its partitions to another connector,
    which would wait as long as the frozen one sleeps. Ending a living one by mistake costs it a
    batch that is read again. Returns how many were ended.
    """
    parameters = (waiting_pid, application_name(group), FROZEN_SECONDS)
    return len(control.execute(_END_FROZEN, parameters).fetchall())
