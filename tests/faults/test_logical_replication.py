"""A subscriber's tables are inputs: first copied, then written row by row by the apply worker."""

import time
from collections.abc import Iterator

import psycopg
import pytest

from penstock.control import create_roles, ensure_control_plane, watch_ddl
from penstock.services.postgres import Server, start_postgres
from penstock.testing import assert_all_maintained
from penstock.testing.services import Database, fresh_database, server_place
from penstock_ivm import PsycopgSession, View, deploy

TABLES = """
create table orders (order_id int primary key, customer_id int, amount numeric, extra text);
create table customers (customer_id int, name text);
alter table customers replica identity full;
create table parts (id int, day int, primary key (id, day)) partition by range (day);
create table parts_1 partition of parts for values from (0) to (10);
create table parts_2 partition of parts for values from (10) to (20);
"""
ROWS = """
insert into customers values (1, 'Ada'), (2, 'Bob'), (2, 'Bob');
insert into orders values (10, 1, 5), (11, 1, 7.50), (12, 2, 1);
insert into parts values (1, 1), (2, 11);
"""
VIEWS = {
    "totals": "select customer_id, count(*) as n, sum(amount) as total, min(amount) as least"
    " from orders group by customer_id",
    "named": "select o.order_id, c.name, o.amount from orders as o"
    " left join customers as c using (customer_id)",
    "pairs": "select a.order_id, b.amount from orders as a join orders as b using (customer_id)",
    "per_day": "select day, count(*) as n from parts group by day",
    "most": "select c.name, t.total from totals as t join customers as c using (customer_id)",
}
WRITES = (
    "insert into orders values (20, 2, 3), (21, 3, 4), (22, null, null)",
    "insert into customers values (3, 'Cy'), (3, 'Cy')",
    "update orders set customer_id = 2, amount = amount + 1 where order_id in (11, 12)",
    "update orders set extra = 'nobody reads it'",
    "update orders set order_id = order_id + 100",
    "begin; delete from customers where customer_id = 2; update orders set customer_id = 3;"
    " insert into customers values (3, 'Di'); commit",
    "insert into parts values (3, 3); update parts set day = day + 10 where day < 10",
    "delete from parts where id = 2",
    "delete from orders where order_id = 110",
    "truncate customers",
    "insert into customers values (3, 'Eve')",
    "truncate orders, parts",
)
WAIT_SECONDS = 30.0


@pytest.fixture(scope="module")
def publisher(database_server: Server) -> Iterator[Database]:
    with fresh_database(database_server, "publisher") as database:
        yield database


@pytest.fixture(scope="module")
def database_server() -> Iterator[Server]:
    """A server that writes what logical replication reads."""
    with server_place() as place:
        start_postgres(place, durable=False).stop()
        (place / "local.conf").write_text("wal_level = logical\n")
        with start_postgres(place, durable=False) as server:
            create_roles(server.url, "unused")
            yield server


@pytest.fixture(scope="module")
def subscriber(database_server: Server, publisher: Database) -> Iterator[Database]:
    publisher.connection.execute(TABLES + ROWS)
    with psycopg.connect(
        database_server.url_for("postgres", "publisher"), autocommit=True
    ) as superuser:
        superuser.execute("create publication everything for all tables")
        superuser.execute("select pg_create_logical_replication_slot('told', 'pgoutput')")
    with fresh_database(database_server, "subscriber") as database:
        ensure_control_plane(database.url)
        watch_ddl(database_server.url, "subscriber")
        database.connection.execute(TABLES)
        for name, query in VIEWS.items():
            with database.connection.transaction():
                deploy(PsycopgSession(database.connection), View("public", name, query))
        url = database_server.url_for("postgres", "subscriber")
        with psycopg.connect(url, autocommit=True) as superuser:
            superuser.execute(
                f"create subscription told connection 'host=127.0.0.1 dbname=publisher"
                f" user=postgres port={database_server.port}' publication everything"
                " with (create_slot = false, slot_name = 'told')".encode()
            )
            yield database
            superuser.execute("drop subscription told")


def until_same(publisher: Database, subscriber: Database) -> None:
    """Wait until the subscriber's tables are the publisher's, holding what has come to it."""
    deadline = time.monotonic() + WAIT_SECONDS
    for table in ("orders", "customers", "parts"):
        query = f"select row(t.*)::text from {table} as t order by 1".encode()  # noqa: S608
        while (want := publisher.connection.execute(query).fetchall()) != (
            got := subscriber.connection.execute(query).fetchall()
        ):
            assert time.monotonic() < deadline, f"{table}: {want} is not {got}"
            assert_all_maintained(subscriber.connection)
            time.sleep(0.02)


def test_views_of_replicated_tables(publisher: Database, subscriber: Database) -> None:
    until_same(publisher, subscriber)
    assert assert_all_maintained(subscriber.connection) == len(VIEWS)
    assert subscriber.connection.execute("select sum(n) from totals").fetchone() == (3,)
    for write in WRITES:
        publisher.connection.execute(write.encode())
        until_same(publisher, subscriber)
        assert_all_maintained(subscriber.connection)
        # The subscriber's own writers go on as ever.
        subscriber.connection.execute("update orders set amount = amount")
        with subscriber.connection.transaction(force_rollback=True):
            subscriber.connection.execute(
                "with c as (insert into customers values (2, 'Zoe') returning 1)"
                " update orders set amount = amount + 1"
            )
            assert_all_maintained(subscriber.connection)
    assert subscriber.connection.execute("select * from penstock.faults()").fetchall() == []
