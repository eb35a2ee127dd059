"""pg_dump of a maintained database, and pg_restore, give a maintained database.

Restored on the same server and on one whose transaction ids are far behind; in every format.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from penstock.control import OWNER, create_roles
from penstock.services.postgres import Server, start_postgres
from penstock.testing import assert_all_maintained
from penstock.testing.services import Database, fresh_database, server_place
from penstock_ivm import Outcome, PsycopgSession, View, deploy, repair

TABLES = """
create table orders (order_id int primary key, customer_id int, amount numeric);
create table customers (customer_id int, name text);
create table "Odd ""name" ("select" text);
insert into customers values (1, 'Ada'), (2, 'Bob'), (2, 'Bob');
insert into orders values (10, 1, 5), (11, 1, 7.50), (12, 2, 1);
insert into "Odd ""name" values ('a'), ('a'), (null);
create table parts (id int, day int) partition by range (day);
create table parts_1 partition of parts for values from (0) to (10);
create table parts_2 partition of parts for values from (10) to (20);
insert into parts values (1, 1), (2, 11), (2, 11);
"""
VIEWS = {
    "totals": "select customer_id, sum(amount) as total, min(amount) as least from orders"
    " group by customer_id",
    "named": "select c.name, t.total from totals as t join customers as c using (customer_id)",
    "counted": "select count(*) as orders, max(amount) as most from orders",
    "odd": 'select "select" as "Select" from "Odd ""name"',
    "per_day": "select day, count(*) as n from parts group by day",
}
WRITES = (
    "insert into orders values (20, 2, 3), (21, 3, 4)",
    "update orders set customer_id = 2, amount = amount + 1 where order_id = 11",
    "with c as (insert into customers values (3, 'Cy') returning 1) delete from orders"
    " where order_id = 10",
    'delete from "Odd ""name" where "select" is null',
    "truncate customers",
    "insert into parts values (3, 3)",
    "insert into parts_2 values (3, 13)",
    "update parts set day = day + 10 where day < 10",
    "alter table parts detach partition parts_1",
)


@pytest.fixture
def shop(database: Database) -> Database:
    database.connection.execute(TABLES)
    deploy_all(database.connection)
    # A dump taken long after its server began: ids that another server is years from.
    database.connection.execute("select setval('penstock_state.pipeline_1', 3000000000)")
    return database


def deploy_all(connection: psycopg.Connection) -> set[Outcome]:
    outcomes = set()
    for name, query in VIEWS.items():
        with connection.transaction():
            outcomes.add(deploy(PsycopgSession(connection), View("public", name, query)))
    return outcomes


def run(server: Server, program: str, *arguments: str, output: bool = False) -> str:
    """Run one of the server's own programs as its superuser; return what it said."""
    command = [server.binaries.program(program)]
    if not output:
        command += ["-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{program}: {done.stderr[-2000:]}")
    return done.stdout if output else done.stderr


def dump(shop: Database, target: Path, *arguments: str) -> Path:
    run(shop.server, "pg_dump", "-d", shop.name, "-f", str(target), *arguments)
    return target


@pytest.fixture
def restored(shop: Database) -> Iterator[Database]:
    """An empty database beside the dumped one."""
    with fresh_database(shop.server, f"{shop.name}_restored") as database:
        yield database


@pytest.fixture(scope="module")
def young_server() -> Iterator[Server]:
    with server_place() as place, start_postgres(place, durable=False) as server:
        create_roles(server.url, "unused")
        yield server


@pytest.fixture
def elsewhere(young_server: Server) -> Iterator[Database]:
    with fresh_database(young_server, "restored") as database:
        yield database


def write_everything(connection: psycopg.Connection, level: str) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute(f"set transaction isolation level {level}".encode())
        for write in WRITES:
            connection.execute(write.encode())
            assert_all_maintained(connection)


def assert_restored(database: Database) -> None:
    """Right as restored, nothing to do for dbt, maintained by writers at every isolation level."""
    assert assert_all_maintained(database.connection) == len(VIEWS)
    connection = database.connection
    assert connection.execute("select * from penstock.faults()").fetchall() == []
    assert deploy_all(connection) == {Outcome.UNCHANGED}
    for level in ("repeatable read", "serializable", "read committed"):
        try:
            write_everything(connection, level)
        except psycopg.errors.SerializationFailure:
            # The last writer's transaction id came along, and may be one that this server gives
            # out just now. To be tried again, as such failures are.
            write_everything(connection, level)
    connection.execute("set session_replication_role = replica") if _is_superuser(
        connection
    ) else None
    for write in WRITES:
        connection.execute(write.encode())
    assert_all_maintained(connection)
    assert connection.execute("select count(*) from named").fetchone() == (0,)


def _is_superuser(connection: psycopg.Connection) -> bool:
    return connection.execute("select current_setting('is_superuser') = 'on'").fetchone() == (True,)


def test_custom_format_on_a_server_that_is_behind(
    shop: Database, elsewhere: Database, tmp_path: Path
) -> None:
    file = dump(shop, tmp_path / "shop.dump", "-Fc")
    run(elsewhere.server, "pg_restore", "-e", "-d", elsewhere.name, str(file))
    assert_restored(elsewhere)


def test_plain_format(shop: Database, restored: Database, tmp_path: Path) -> None:
    file = dump(shop, tmp_path / "shop.sql")
    run(
        restored.server, "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", restored.name, "-f", str(file)
    )
    assert_restored(restored)


def test_without_owners_and_as_inserts(shop: Database, restored: Database, tmp_path: Path) -> None:
    """Everything is the owner's, who is no superuser; rows come one by one."""
    file = dump(shop, tmp_path / "shop.dump", "-Fc", "--inserts", "--no-owner", "--no-privileges")
    server = restored.server
    listed = run(server, "pg_restore", "-l", str(file), output=True)
    wanted = tmp_path / "wanted"
    wanted.write_text("\n".join(x for x in listed.splitlines() if "EVENT TRIGGER" not in x))
    # The dump says whose schema public is, which only a superuser may; event triggers too.
    arguments = ("--no-owner", "--no-comments", f"--role={OWNER}", "-L", str(wanted))
    run(server, "pg_restore", "-e", *arguments, "-d", restored.name, str(file))
    owners = "select distinct proowner::regrole::text from pg_proc where pronamespace ="
    assert restored.connection.execute(
        f"{owners} 'penstock_state'::regnamespace".encode()
    ).fetchall() == [(OWNER,)]
    assert_restored(restored)


def test_schema_first_and_data_later(shop: Database, restored: Database, tmp_path: Path) -> None:
    """Two steps, so the triggers stand when the rows come: the views follow the inputs' rows."""
    file = dump(shop, tmp_path / "shop.dump", "-Fc")
    run(restored.server, "pg_restore", "-e", "-s", "-d", restored.name, str(file))
    # As documented: the inputs and the control plane, not the state, which follows them.
    only = ("-a", "-N", "penstock_state", "-d", restored.name, str(file))
    run(restored.server, "pg_restore", "-e", *only)
    # What has a row before any input has (an aggregate of nothing) is not in a schema.
    with restored.connection.transaction():
        repair(PsycopgSession(restored.connection), "public", "counted")
    assert_restored(restored)


def test_data_only_into_a_maintained_schema(shop: Database, tmp_path: Path) -> None:
    shop.connection.execute("insert into orders values (30, 1, 1)")
    file = dump(shop, tmp_path / "shop.dump", "-Fc", "-a", "-n", "public")
    shop.connection.execute('truncate orders, customers, "Odd ""name"')
    assert_all_maintained(shop.connection)
    run(shop.server, "pg_restore", "-e", "-d", shop.name, str(file))
    assert_restored(shop)


def test_disabled_triggers_are_noticed_and_the_next_run_builds_again(
    shop: Database, tmp_path: Path
) -> None:
    """--disable-triggers keeps writers' triggers out, and leaves them no longer ALWAYS."""
    file = dump(shop, tmp_path / "shop.dump", "-Fc", "-a", "-n", "public", "-t", "orders")
    shop.connection.execute("truncate orders")
    run(shop.server, "pg_restore", "-e", "--disable-triggers", "-d", shop.name, str(file))
    faults = shop.connection.execute("select distinct view_name from penstock.faults()").fetchall()
    assert sorted(faults) == [("counted",), ("totals",)]
    assert deploy_all(shop.connection) == {Outcome.REPLACED, Outcome.UNCHANGED}
    assert_restored(shop)
