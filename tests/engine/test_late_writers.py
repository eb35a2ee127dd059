"""Writers with `penstock.late` at once: deduplicated before their turn, and in nobody's way."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import psycopg
import pytest
from psycopg import errors

from penstock.testing.services import Database
from penstock.testing.stories import StoryView
from penstock.testing.telling import deploy_view
from penstock_ivm import PsycopgSession, verify

TABLES = """
create table deliveries (
    message_id text not null, received_at int not null, writer int not null, amount int
)
"""
VIEWS = (
    StoryView(
        "firsts",
        "select distinct on (message_id) * from deliveries"
        " order by message_id, received_at, writer, amount",
    ),
    StoryView(
        "totals", "select writer, count(*) as n, sum(amount) as amount from firsts group by 1"
    ),
)
WRITERS, TRANSACTIONS, ROWS, KEYS = 4, 40, 12, 40


def deliver(connection: psycopg.Connection, rng: Random, writer: int, deletes: float) -> None:
    """Deliver in any order what others deliver, too, and at times take back what is there."""
    keys = [f"m{rng.randrange(KEYS)}" for _ in range(ROWS)]
    with connection.transaction():
        connection.execute("set local penstock.late = 'on'")
        with connection.cursor().copy("copy deliveries from stdin") as copy:
            for key in keys:
                copy.write_row((key, rng.randrange(1_000), writer, rng.randrange(100)))
        if rng.random() < deletes:
            connection.execute("delete from deliveries where message_id = %s", (keys[0],))


def write(database: Database, writer: int, deletes: float) -> int:
    """Run a writer's transactions, each until it gets through; return how often one did not."""
    met = 0
    with database.connect() as connection:
        for number in range(TRANSACTIONS):
            while True:
                try:
                    deliver(connection, Random(f"{writer} {number}"), writer, deletes)  # noqa: S311
                except errors.DeadlockDetected:
                    met += 1
                else:
                    break
    return met


@pytest.mark.parametrize("deletes", [0.0, 0.3])
def test_late_writers_of_the_same_keys(database: Database, deletes: float) -> None:
    database.connection.execute(TABLES)
    for view in VIEWS:
        deploy_view(database.connection, view)
    with psycopg.connect(database.server.url, autocommit=True) as superuser:
        superuser.execute(f"alter database {database.name} set deadlock_timeout = '50ms'")

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, database, number, deletes) for number in range(WRITERS)]
        deadlocks = sum(writer.result(120) for writer in writers)

    with database.connection.transaction():
        session = PsycopgSession(database.connection)
        assert [verify(session, "public", view.name) for view in VIEWS] == [[], []]
    if not deletes:
        assert deadlocks == 0, "they insert in the order of their keys"


def test_a_late_statement_takes_the_turn_of_each_pipeline_that_it_writes(
    database: Database,
) -> None:
    for name in ("one", "two"):
        database.connection.execute(
            f"create table {name} (k int not null, v int not null)".encode()
        )
        deploy_view(
            database.connection,
            StoryView(
                f"{name}_first",
                f"select distinct on (k) k, v from {name} order by k, v",  # noqa: S608
            ),
        )
    with database.connect() as writer, writer.transaction():
        writer.execute("set local penstock.late = 'on'")
        writer.execute("with a as (insert into one values (1, 1)) insert into two values (1, 1)")
        held = database.connection.execute(
            "select count(*) from pg_locks where pid = %s and locktype = 'advisory' and granted",
            (writer.info.backend_pid,),
        ).fetchone()
        assert held == (2,)
