"""Whose rights maintenance runs with, who may write what, and hostile sessions."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from penstock.control import CONNECTOR, READER
from penstock.testing import assert_all_maintained
from penstock.testing.services import Database
from penstock.testing.stories import StoryView
from penstock.testing.telling import deploy_view

TABLES = """
create table orders (order_id int primary key, customer_id int, amount int);
create table customers (customer_id int, name text);
"""
VIEWS = (
    StoryView(
        "named",
        "select o.order_id, lower(c.name) as name, o.amount + 1 as more"
        " from orders as o join customers as c on c.customer_id = o.customer_id",
    ),
    StoryView(
        "totals",
        "select customer_id, sum(amount) as total, max(amount) as most, count(distinct amount) as n"
        " from orders group by customer_id",
    ),
    StoryView("firsts", "select distinct on (name) name, total from named join totals"
              " on totals.most = named.more - 1 order by name, total"),
)  # fmt: skip


@pytest.fixture
def shop(database: Database) -> Database:
    database.connection.execute(TABLES)
    for view in VIEWS:
        deploy_view(database.connection, view)
    database.connection.execute("insert into customers values (1, 'Ada'), (2, 'Bob')")
    database.connection.execute("insert into orders values (1, 1, 5)")
    return database


@contextmanager
def as_role(database: Database, role: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.url_for(role), autocommit=True) as connection:
        yield connection


def state(database: Database, statement: str) -> str:
    """Put the names of the views' state tables into a statement."""
    rows = database.connection.execute("select view_name, state_table from penstock.views")
    names = {view: table.rpartition(".")[2] for view, table in rows}
    return statement.format(**names)


def test_a_writer_needs_insert_on_the_base_table_and_nothing_else(shop: Database) -> None:
    shop.connection.execute(f"grant insert on orders, customers to {CONNECTOR}")
    with as_role(shop, CONNECTOR) as writer:
        writer.execute("insert into orders values (2, 1, 7), (3, 2, 1)")
        writer.execute(
            "with c as (insert into customers values (3, 'Cy') returning 1)"
            " insert into orders values (4, 3, 9)"
        )
        with writer.cursor() as cursor, cursor.copy("copy orders from stdin (format csv)") as copy:
            copy.write("5,3,2\n")
        for relation in ("penstock_state.{totals}", "public.totals", "public.orders"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                writer.execute(state(shop, f"table {relation}"))
    assert_all_maintained(shop.connection)
    assert shop.connection.execute("select count(*) from named").fetchone() == (5,)


def test_a_reader_needs_select_on_the_view_and_nothing_else(shop: Database) -> None:
    shop.connection.execute(f"grant select on totals, named to {READER}")
    with as_role(shop, READER) as reader:
        assert reader.execute("select total from totals").fetchall() == [(5,)]
        assert reader.execute("select name from named").fetchall() == [("ada",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(state(shop, "select * from penstock_state.{totals}"))


@pytest.mark.parametrize(
    "statement",
    [
        "insert into totals values (9, 9, 9, 9)",
        "update totals set total = 0",
        "delete from totals",
        "delete from named",
        "insert into penstock_state.{totals} default values",
        "update penstock_state.{totals} set customer_id = 9",
        "delete from penstock_state.{totals}",
        "truncate penstock_state.{totals}",
        "delete from penstock_state.{named}",
        "with gone as (delete from penstock_state.{totals} returning 1) select * from gone",
    ],
)
def test_nobody_writes_a_maintained_view(shop: Database, statement: str) -> None:
    with pytest.raises(psycopg.Error) as caught:
        shop.connection.execute(state(shop, statement))
    assert caught.value.sqlstate in ("42501", "55000", "0A000"), caught.value
    assert_all_maintained(shop.connection)


HOSTILE = """
create schema evil;
create function evil.lower(text) returns text language sql immutable as $$ select 'evil' $$;
create function evil.coalesce_sum(int) returns int language sql immutable as $$ select 0 $$;
create function evil.plus(int, int) returns int language sql immutable as $$ select 666 $$;
create operator evil.+ (leftarg = int, rightarg = int, function = evil.plus);
create function evil.same(int, int) returns boolean language sql immutable as $$ select false $$;
create operator evil.= (leftarg = int, rightarg = int, function = evil.same);
create table evil.orders (order_id int, customer_id int, amount int);
create table evil.customers (customer_id int, name text);
create function evil.set_config(text, text, boolean) returns text language sql as $$ select '7' $$;
create function evil.current_setting(text, boolean) returns text language sql as $$ select '7' $$;
create function evil.pg_advisory_xact_lock(int, int) returns void language sql as $$ $$;
grant usage on schema evil to public;
"""


def test_a_hostile_search_path_changes_nothing(shop: Database) -> None:
    shop.connection.execute(HOSTILE)
    shop.connection.execute(
        f"grant insert, update, delete, select on orders, customers to {CONNECTOR}"
    )
    with as_role(shop, CONNECTOR) as writer:
        writer.execute("set search_path = evil, public, pg_catalog")
        writer.execute("create temporary table orders (order_id int, customer_id int, amount int)")
        writer.execute("create temporary table totals (x int)")
        writer.execute("create temporary table new_rows (x int)")
        writer.execute("insert into public.orders values (2, 2, 7), (3, 1, 9)")
        writer.execute("update public.orders set amount = amount operator(pg_catalog.+) 1")
        writer.execute(
            "with gone as (delete from public.orders"
            " where order_id operator(pg_catalog.=) 2 returning 1)"
            " insert into public.customers values (1, 'Eve')"
        )
    assert_all_maintained(shop.connection)
    assert shop.connection.execute("select sum(more) from named").fetchone() == (36,)


def test_views_follow_under_session_replication_role(shop: Database) -> None:
    """Logical replication applies rows with triggers off, but for those that always fire."""
    with psycopg.connect(shop.url_for("postgres"), autocommit=True) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute("insert into orders values (2, 2, 7)")
        superuser.execute("update customers set customer_id = 2")
        superuser.execute("truncate customers")
        superuser.execute("insert into customers values (2, 'Dan')")
    assert_all_maintained(shop.connection)
    assert shop.connection.execute("select name from named").fetchall() == [("dan",)]


def test_settings_of_the_engine_cannot_be_forged_into_a_wrong_row(shop: Database) -> None:
    """What a session writes into penstock.* settings is at most an error."""
    for name, value in (("held", "1:2"), ("skip", " 1 "), ("open", "x")):
        with shop.connect() as writer:
            writer.execute("select set_config(%s, %s, false)", (f"penstock.{name}", value))
            try:
                writer.execute(
                    "insert into orders values (%s, 1, 1)", (hash((name, value)) % 10**6,)
                )
            except psycopg.Error:
                continue
        assert_all_maintained(shop.connection)


def test_a_writer_cannot_have_the_owner_delete_what_it_names(shop: Database) -> None:
    """penstock.held names tables to be deleted from; any session can set it."""
    shop.connection.execute(f"grant insert on orders, customers to {CONNECTOR}")
    (other,) = shop.connection.execute("select 'penstock.views'::regclass::oid").fetchone() or (0,)
    with as_role(shop, CONNECTOR) as writer:
        writer.execute(f"set penstock.held = '{other}:{other}'".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="was set by hand"):
            writer.execute("insert into orders values (50, 1, 7)")
    assert shop.connection.execute("select count(*) from penstock.views").fetchone() == (3,)
    assert_all_maintained(shop.connection)


@pytest.mark.parametrize(
    "call",
    [
        "cancel_held('penstock.views', 'penstock.views')",
        "apply_held()",
        "take_turn(1, 'penstock_state.pipeline_1', 'x')",
        "tell_rows('orders', 'orders', true)",
        "adopt('orders', true)",
        "suspend('public', 'totals', '', '', '', '', '')",
    ],
)
def test_what_runs_with_the_owners_rights_is_not_for_readers(shop: Database, call: str) -> None:
    for role in (READER, CONNECTOR):
        with (
            as_role(shop, role) as session,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            session.execute(f"select penstock.{call}".encode())
