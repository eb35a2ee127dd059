"""End the transaction of a connector that was frozen in the middle of it.

A process that is stopped, or whose machine is suspended, keeps its locks: its partitions' offsets,
and the lock of every pipeline it writes to. Kafka gives its partitions to another connector, which
would wait for those locks as long as the frozen one sleeps.
"""

import psycopg

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


def application_name(group: str) -> str:
    """Name a group's connectors to the server."""
    return f"penstock connect {group}"


def end_frozen(control: psycopg.Connection, waiting_pid: int, group: str) -> int:
    """End the group's connectors that keep `waiting_pid` waiting and have gone silent themselves.

    Ending a living one by mistake costs it a batch that is read again. Returns how many.
    """
    parameters = (waiting_pid, application_name(group), FROZEN_SECONDS)
    return len(control.execute(_END_FROZEN, parameters).fetchall())
