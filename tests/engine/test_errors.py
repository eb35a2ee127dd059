"""A change that a view cannot take: the writer is told which view and row, or the view stops."""

import json

import psycopg
import pytest
from click.testing import CliRunner

from penstock.cli import cli
from penstock.testing.services import Database
from penstock_ivm import Index, Outcome, PsycopgSession, View, deploy, repair, verify

TABLES = """
create table orders (order_id int primary key, customer_id int, amount int, parts int);
create table loose (amount int, parts int);
create table audited (order_id int);
"""
RATIOS = "select order_id, customer_id, amount / parts as ratio from orders"
MESSAGE = "view public.{} cannot take this change: division by zero"


@pytest.fixture
def shop(database: Database) -> Database:
    database.connection.execute(TABLES)
    return database


def put(
    database: Database, name: str, query: str, on_error: str = "raise", path: str = ""
) -> Outcome:
    with database.connection.transaction():
        view = View("public", name, query, path=path, on_error=on_error)
        return deploy(PsycopgSession(database.connection), view)


def refused(database: Database, statement: str) -> psycopg.errors.Diagnostic:
    with pytest.raises(psycopg.Error) as caught:
        database.connection.execute(statement.encode())
    return caught.value.diag


def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    return database.connection.execute(query.encode()).fetchall()


def suspended(database: Database) -> list[tuple[object, ...]]:
    return rows(database, "select view_name, sqlstate, message, detail from penstock.suspensions")


def differences(database: Database, name: str) -> int:
    with database.connection.transaction():
        return len(verify(PsycopgSession(database.connection), "public", name))


# ---- raise ------------------------------------------------------------------------


def test_the_view_and_the_row_are_named(shop: Database) -> None:
    put(shop, "ratios", RATIOS, path="models/ratios.sql")
    said = refused(shop, "insert into orders select i, 1, 10, i - 5 from generate_series(1, 9) i")
    assert said.sqlstate == "22012"
    assert said.message_primary == MESSAGE.format("ratios")
    assert said.message_detail == "the row (order_id)=(5) of public.orders"
    assert "models/ratios.sql" in str(said.message_hint)
    assert rows(shop, "select count(*) from ratios") == [(0,)]


def test_an_update_names_its_row_too(shop: Database) -> None:
    put(shop, "ratios", RATIOS)
    shop.connection.execute("insert into orders values (1, 1, 1, 1), (2, 1, 1, 2)")
    said = refused(shop, "update orders set parts = parts - 2")
    assert said.message_detail == "the row (order_id)=(2) of public.orders"


def test_a_row_without_a_key_is_shown(shop: Database) -> None:
    put(shop, "ratios", "select amount / parts as ratio from loose")
    said = refused(shop, "insert into loose values (1, 1), (7, 0)")
    assert said.message_detail == 'the row {"parts": 0, "amount": 7} of public.loose'


def test_the_innermost_view_is_named(shop: Database) -> None:
    put(shop, "totals", "select customer_id, sum(parts) as parts from orders group by customer_id")
    put(shop, "shares", "select customer_id, 100 / parts as share from totals")
    put(shop, "above", "select sum(share) as all_shares from shares")
    said = refused(shop, "insert into orders values (1, 1, 1, 1), (2, 2, 1, 0)")
    assert said.message_primary == MESSAGE.format("shares")
    assert said.message_detail == (
        "one of 2 rows, the first of them (order_id)=(1) of public.orders"
    )


def test_what_only_the_state_refuses_names_the_change(shop: Database) -> None:
    with shop.connection.transaction():
        unique = Index(("customer_id",), unique=True)
        view = View("public", "ratios", RATIOS, indexes=(unique,))
        deploy(PsycopgSession(shop.connection), view)
    said = refused(shop, "insert into orders values (1, 7, 1, 1), (2, 7, 1, 1)")
    assert said.sqlstate == "23505"
    assert "public.ratios cannot take this change: duplicate key" in str(said.message_primary)
    assert said.message_detail == (
        "one of 2 rows, the first of them (order_id)=(1) of public.orders;"
        " Key (customer_id)=(7) already exists."
    )


def test_rows_put_aside_are_named(shop: Database) -> None:
    put(shop, "ratios", RATIOS)
    said = refused(
        shop,
        "with a as (insert into orders values (3, 1, 1, 1)) insert into orders values (4, 1, 1, 0)"
        " on conflict (order_id) do update set parts = 0",
    )
    assert said.message_primary == MESSAGE.format("ratios")
    assert "4" in str(said.message_detail)


def test_what_is_not_the_rows_fault_passes_unchanged(shop: Database) -> None:
    shop.connection.execute(
        "create function stop(state text) returns int language plpgsql immutable as"
        " $$ begin if state <> '' then raise exception 'as it was' using errcode = state; end if;"
        " return 1; end $$; create table states (state text)"
    )
    put(shop, "stopped", "select stop(state) as s from states")
    for state in ("40001", "40P01", "53200", "55P03", "57014", "57P01", "XX000"):
        said = refused(shop, f"insert into states values ('{state}')")  # noqa: S608
        assert (said.sqlstate, said.message_primary) == (state, "as it was")
    said = refused(shop, "insert into states values ('P0001')")
    assert said.message_primary == "view public.stopped cannot take this change: as it was"


# ---- suspend ----------------------------------------------------------------------


def test_the_writer_goes_on_and_the_view_stops(shop: Database) -> None:
    put(shop, "ratios", RATIOS, on_error="suspend")
    put(shop, "counted", "select count(*) as n from orders")
    shop.connection.execute("insert into orders values (1, 1, 10, 2)")
    shop.connection.execute("insert into orders values (2, 1, 10, 0)")
    shop.connection.execute("insert into orders values (3, 1, 10, 5)")
    assert rows(shop, "select count(*) from orders") == [(3,)]
    assert rows(shop, "select order_id, ratio from ratios") == [(1, 5)]
    assert rows(shop, "select n from counted") == [(3,)]
    assert suspended(shop) == [
        ("ratios", "22012", "division by zero", "the row (order_id)=(2) of public.orders")
    ]


def test_repair_brings_it_back_when_it_can(shop: Database) -> None:
    put(shop, "ratios", RATIOS, on_error="suspend")
    shop.connection.execute("insert into orders values (1, 1, 10, 2), (2, 1, 10, 0)")
    session = PsycopgSession(shop.connection)
    with pytest.raises(psycopg.errors.DivisionByZero), shop.connection.transaction():
        repair(session, "public", "ratios")
    assert [name for name, *_ in suspended(shop)] == ["ratios"]
    shop.connection.execute("update orders set parts = 1 where parts = 0")
    with shop.connection.transaction():
        repair(session, "public", "ratios")
    assert suspended(shop) == []
    assert differences(shop, "ratios") == 0
    shop.connection.execute("insert into orders values (3, 1, 10, 5)")
    assert differences(shop, "ratios") == 0


def test_deploying_an_unchanged_suspended_view_builds_it_again(shop: Database) -> None:
    put(shop, "ratios", RATIOS, on_error="suspend")
    shop.connection.execute("insert into orders values (2, 1, 10, 0)")
    shop.connection.execute("delete from orders")
    assert put(shop, "ratios", RATIOS, on_error="suspend") is Outcome.REPLACED
    assert suspended(shop) == []
    assert put(shop, "ratios", RATIOS, on_error="suspend") is Outcome.UNCHANGED
    assert put(shop, "ratios", RATIOS) is Outcome.REPLACED


def test_readers_see_it_as_it_stopped_and_follow_their_other_inputs(shop: Database) -> None:
    put(shop, "ratios", RATIOS, on_error="suspend")
    put(
        shop,
        "named",
        "select o.order_id, r.ratio from orders o left join ratios r using (order_id)",
    )
    put(shop, "largest", "select max(ratio) as ratio from named")
    shop.connection.execute("insert into orders values (1, 1, 10, 2)")
    shop.connection.execute("insert into orders values (2, 1, 10, 0), (3, 1, 10, 1)")
    assert rows(shop, "select * from named order by 1") == [(1, 5), (2, None), (3, None)]
    stale = rows(shop, "select view_name, suspended_name from penstock.stale_views() order by 1")
    assert stale == [("largest", "ratios"), ("named", "ratios")]
    shop.connection.execute("delete from orders where order_id = 2")
    with shop.connection.transaction():
        repair(PsycopgSession(shop.connection), "public", "ratios")
    assert rows(shop, "select * from named order by 1") == [(1, 5), (3, 10)]
    assert rows(shop, "select * from largest") == [(10,)]
    assert rows(shop, "select * from penstock.stale_views()") == []


def test_an_error_in_a_later_stage_takes_the_earlier_ones_back(shop: Database) -> None:
    put(
        shop,
        "shares",
        "select 100 / t.parts as share from (select customer_id, sum(parts) as parts from orders"
        " group by customer_id) as t join loose on loose.amount = t.parts",
        on_error="suspend",
    )
    shop.connection.execute("insert into loose values (0, 1), (2, 2)")
    shop.connection.execute("insert into orders values (1, 1, 1, 2)")
    before = rows(shop, "select * from penstock_state.shares__groups")
    shop.connection.execute("insert into orders values (2, 1, 1, 1), (3, 2, 1, 0)")
    assert [name for name, *_ in suspended(shop)] == ["shares"]
    assert rows(shop, "select * from penstock_state.shares__groups") == before
    shop.connection.execute("truncate loose")
    shop.connection.execute("delete from orders where order_id = 3")
    with shop.connection.transaction():
        repair(PsycopgSession(shop.connection), "public", "shares")
    shop.connection.execute("insert into loose values (3, 3)")
    assert rows(shop, "select * from shares") == [(33,)]
    assert differences(shop, "shares") == 0


def test_only_the_view_that_fails_stops(shop: Database) -> None:
    """One that it reads goes on; one that raises stops the writer for all."""
    put(shop, "totals", "select customer_id, sum(parts) as p from orders group by 1", "suspend")
    put(shop, "shares", "select customer_id, 100 / p as share from totals", "suspend")
    shop.connection.execute("insert into orders values (1, 1, 1, 0)")
    assert [name for name, *_ in suspended(shop)] == ["shares"]
    assert differences(shop, "totals") == 0
    put(shop, "strict", "select 1 / (p - 7) as s from totals")
    said = refused(shop, "insert into orders values (2, 2, 1, 7)")
    assert said.message_primary == MESSAGE.format("strict")
    assert [name for name, *_ in suspended(shop)] == ["shares"]


def test_the_mark_goes_with_the_writer(shop: Database) -> None:
    put(shop, "ratios", RATIOS, on_error="suspend")
    with shop.connection.transaction(force_rollback=True):
        shop.connection.execute("insert into orders values (1, 1, 1, 0)")
        assert len(suspended(shop)) == 1
    assert suspended(shop) == []
    with shop.connection.transaction():
        with shop.connection.transaction(force_rollback=True):
            shop.connection.execute("insert into orders values (1, 1, 1, 0)")
        shop.connection.execute("insert into orders values (2, 1, 4, 2)")
    assert suspended(shop) == []
    assert rows(shop, "select ratio from ratios") == [(2,)]


def test_a_killed_writer_leaves_no_mark(shop: Database) -> None:
    put(shop, "ratios", RATIOS, on_error="suspend")
    writer = shop.connect(autocommit=False)
    writer.execute("insert into orders values (1, 1, 1, 0)")
    pid = writer.info.backend_pid
    rows(shop, f"select pg_terminate_backend({pid}, 10000)")
    writer.close()
    shop.connection.execute("insert into orders values (2, 1, 4, 2)")
    assert suspended(shop) == []
    assert differences(shop, "ratios") == 0


@pytest.mark.parametrize("level", ["read committed", "repeatable read", "serializable"])
def test_two_writers_that_both_fail(shop: Database, level: str) -> None:
    put(shop, "ratios", RATIOS, on_error="suspend")
    with shop.connect(autocommit=False) as one, shop.connect(autocommit=False) as two:
        for writer in (one, two):
            writer.execute(f"set transaction isolation level {level}".encode())
        two.execute("select 1 from orders")
        one.execute("insert into orders values (1, 1, 1, 0)")
        one.commit()
        if level == "read committed":
            two.execute("insert into orders values (2, 1, 1, 0)")
            two.commit()
        else:
            with pytest.raises(psycopg.errors.SerializationFailure):
                two.execute("insert into orders values (2, 1, 1, 0)")
            two.rollback()
            two.execute("insert into orders values (2, 1, 1, 0)")
            two.commit()
    assert len(suspended(shop)) == 1
    assert rows(shop, "select count(*) from orders") == [(2,)]


def test_statements_over_several_tables_and_truncate(shop: Database) -> None:
    put(
        shop,
        "joined",
        "select order_id, l.amount / l.parts x from orders o join loose l on l.amount = o.amount",
        on_error="suspend",
    )
    shop.connection.execute("insert into orders values (1, 1, 1, 1)")
    shop.connection.execute(
        "with a as (insert into loose values (1, 0), (1, 1)) insert into orders values (2, 1, 1, 1)"
    )
    assert [name for name, *_ in suspended(shop)] == ["joined"]
    shop.connection.execute("truncate loose")
    shop.connection.execute("insert into loose values (1, 1)")
    with shop.connection.transaction():
        repair(PsycopgSession(shop.connection), "public", "joined")
    assert rows(shop, "select * from joined order by 1") == [(1, 1), (2, 1)]
    shop.connection.execute("insert into orders values (3, 1, 1, 1)")
    assert differences(shop, "joined") == 0


def test_an_unknown_choice_is_refused(shop: Database) -> None:
    with pytest.raises(Exception, match="on_error: 'ignore' is not known"):
        put(shop, "ratios", RATIOS, on_error="ignore")


def test_status_and_verify_tell_what_stopped(
    shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", shop.url)
    put(shop, "ratios", RATIOS, on_error="suspend")
    put(shop, "largest", "select max(ratio) as ratio from ratios")
    shop.connection.execute("insert into orders values (4, 1, 10, 0)")
    told = CliRunner().invoke(cli, ["status"]).output
    assert "suspended" in told
    assert "division by zero; the row (order_id)=(4) of public.orders" in told
    assert "public.largest is stale: it reads public.ratios" in told
    assert "`penstock repair public.ratios`" in told
    [largest, ratios] = json.loads(CliRunner().invoke(cli, ["status", "--json"]).output)["views"]
    assert ratios["suspended"].startswith("division by zero")
    assert largest["stale_through"] == ["public.ratios"]
    shop.connection.execute("delete from orders")
    done = CliRunner().invoke(cli, ["verify", "ratios"])
    assert done.exit_code == 1
    assert "suspended since" in done.output
    assert CliRunner().invoke(cli, ["repair", "ratios"]).exit_code == 0
    assert CliRunner().invoke(cli, ["verify"]).exit_code == 0
    assert "suspended" not in CliRunner().invoke(cli, ["status"]).output
