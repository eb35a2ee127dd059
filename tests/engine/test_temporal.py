"""Temporal filters: what a tick costs, whom it waits for, who may call it."""

import threading
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from psycopg import sql

from penstock.control import CONNECTOR, READER
from penstock.testing import assert_all_maintained
from penstock.testing.maintained import NotMaintained, assert_maintained
from penstock.testing.services import Database
from penstock_ivm import Outcome, PsycopgSession, Unmaintainable, View, deploy, repair

EVENTS = "create table events (id int primary key, customer int, ts timestamptz)"
RECENT = "select id, customer from events where ts > now() - interval '7 days'"


def build(
    database: Database,
    name: str,
    query: str,
    tick: str = "1 second",
    append_only: tuple[str, ...] = (),
) -> Outcome:
    with database.connection.transaction():
        never = frozenset(("public", table) for table in append_only)
        view = View("public", name, query, f"{name}.sql", append_only=never, tick=tick)
        return deploy(PsycopgSession(database.connection), view)


def clock(database: Database, name: str) -> object:
    row = database.connection.execute(
        "select at from penstock.clocks() where view_name = %s", (name,)
    ).fetchone()
    return row and row[0]


def rows(database: Database, name: str) -> int:
    count = sql.SQL("select count(*) from {}").format(sql.Identifier(name))
    row = database.connection.execute(count).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def recent(database: Database) -> Database:
    database.connection.execute(EVENTS)
    build(database, "recent", RECENT)
    return database


# --- cost ------------------------------------------------------------------------------------

VIEWS = {
    "recent": RECENT,
    "active": "select customer, count(*) as n, max(ts) as last_at from events"
    " where ts > now() - interval '7 days' group by customer",
    "lapsed": "select customer, count(*) as n from events group by customer"
    " having max(ts) < now() - interval '7 days'",
    "labelled": "select id,"
    " case when ts > now() - interval '7 days' then 'new' else 'old' end as age from events",
    "either": "select id from events where customer < 0 or ts > now() - interval '7 days'"
    " or ts < now() - interval '20 days'",
    "named": "select e.id, c.name from customers as c left join events as e"
    " on e.customer = c.id and e.ts > now() - interval '7 days'",
    "oldest": "select distinct on (customer) customer, id from events"
    " where ts > now() - interval '7 days' order by customer, ts, id",
    "joined": "select e.id, c.name from customers as c join events as e on e.customer = c.id"
    " where least(c.seen, c.left_at) > now() - interval '7 days'",
}


def reads(database: Database) -> int:
    """How many rows of base and state tables were read so far, by scan or by index."""
    with closing(database.connect()) as other:
        # Statistics of a transaction are sent when its session is idle or ends.
        row = other.execute(
            "select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))"
            " from pg_stat_user_tables"
        ).fetchone()
    assert row is not None
    return int(row[0])


def tick_reads(database: Database, until: str) -> int:
    with closing(database.connect()) as ticker:
        before = reads(database)
        ticker.execute("select penstock.tick(%s::timestamptz)", (until,))
        ticker.execute("select pg_stat_force_next_flush()" if ticker.info.server_version >= 150000
                       else "select pg_sleep(0.6)")  # fmt: skip
    return reads(database) - before


@pytest.mark.parametrize("append_only", [(), ("events", "customers")], ids=["tables", "sources"])
@pytest.mark.parametrize("name", VIEWS)
def test_a_tick_reads_the_rows_that_it_changes(
    database: Database, name: str, append_only: tuple[str, ...]
) -> None:
    connection = database.connection
    connection.execute(EVENTS)
    connection.execute(
        "create table customers (id int primary key, name text, seen timestamptz,"
        " left_at timestamptz)"
    )
    build(database, name, VIEWS[name], append_only=append_only)
    connection.execute("select penstock.tick('2040-01-10 00:00Z')")
    connection.execute(
        "insert into customers select i, 'c' || i, timestamptz '2040-01-10Z' - i * interval '5 m',"
        " 'infinity' from generate_series(1, 2020) as i"
    )
    connection.execute(
        "insert into events"
        " select i, 1 + i / 10, timestamptz '2040-01-10Z' - i * interval '1 minute'"
        " from generate_series(1, 20000) as i"
    )
    connection.execute("analyze")
    read = tick_reads(database, "2040-01-10 00:10Z")
    # Ten rows leave; the groups they are in have ten each, and state is looked at, too.
    assert 0 < read < 1_000, f"{read} rows read for ten that changed"
    assert tick_reads(database, "2040-01-10 00:10Z") < 100, "time stood still"
    assert_all_maintained(connection)


def test_a_tick_over_a_large_gap_is_right_and_soon_done(recent: Database) -> None:
    connection = recent.connection
    connection.execute("select penstock.tick('2040-01-10 00:00Z')")
    connection.execute(
        "insert into events select i, i % 100, timestamptz '2040-01-10Z' - i * interval '10 s'"
        " from generate_series(1, 40000) as i"
    )
    connection.execute("set statement_timeout = '20s'")
    connection.execute("select penstock.tick('2041-01-10 00:00Z')")
    assert rows(recent, "recent") == 0
    assert_all_maintained(connection)


# --- the clock -------------------------------------------------------------------------------


def test_a_tick_goes_to_now_and_never_back(recent: Database) -> None:
    connection = recent.connection
    with connection.transaction():
        assert connection.execute("select penstock.tick()").fetchone() == (1,)
        assert connection.execute("select now()").fetchone() == (clock(recent, "recent"),)
    assert connection.execute("select penstock.tick('2020-01-01')").fetchone() == (0,)
    connection.execute("select penstock.tick('2050-01-01')")
    assert connection.execute("select penstock.tick()").fetchone() == (0,)
    # A clock that went too far is set right with its view.
    with connection.transaction():
        repair(PsycopgSession(connection), "public", "recent")
    assert connection.execute("select penstock.tick()").fetchone() == (1,)


def test_verify_compares_at_the_clocks_time(recent: Database) -> None:
    connection = recent.connection
    connection.execute(
        "insert into events values (1, 1, now() - interval '7 days' + interval '0.5 s')"
    )
    connection.execute("select pg_sleep(1)")
    assert rows(recent, "recent") == 1, "nobody has ticked"
    assert_maintained(connection, "recent")
    connection.execute("select penstock.tick()")
    assert rows(recent, "recent") == 0
    assert_maintained(connection, "recent")


def test_a_plain_view_with_now_inside_is_read_at_the_clocks_time(database: Database) -> None:
    connection = database.connection
    connection.execute(EVENTS)
    connection.execute(f"create view lately as {RECENT}")
    build(database, "counted", "select customer, count(*) as n from lately group by customer")
    connection.execute("select penstock.tick('2040-01-10')")
    connection.execute("insert into events values (1, 1, '2040-01-05'), (2, 1, '2040-01-01')")
    assert connection.execute("select n from counted").fetchall() == [(1,)]
    assert_maintained(connection, "counted")
    connection.execute("select penstock.tick('2040-01-13')")
    assert connection.execute("select n from counted").fetchall() == []
    assert_maintained(connection, "counted")


def test_verify_finds_a_clock_that_lied(recent: Database) -> None:
    connection = recent.connection
    connection.execute("insert into events values (1, 1, now())")
    with connection.transaction():
        connection.execute("select set_config('penstock.ticking', 'on', true)")
        connection.execute("alter table penstock_state.recent__clock disable trigger all")
        connection.execute("update penstock_state.recent__clock set at = '2050-01-01'")
    with pytest.raises(NotMaintained, match="extra"):
        assert_maintained(connection, "recent")


def test_nobody_writes_a_clock(recent: Database) -> None:
    for statement in (
        "update penstock_state.recent__clock set at = '2050-01-01'",
        "delete from penstock_state.recent__clock",
        "insert into penstock_state.recent__clock values (now())",
        "truncate penstock_state.recent__clock",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"clock of public\.recent"):
            recent.connection.execute(statement.encode())


def test_a_tick_inside_a_statement_that_writes_is_refused(recent: Database) -> None:
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="a statement that chang"):
        recent.connection.execute(
            "with e as (insert into events values (1, 1, now()) returning 1)"
            " select penstock.tick('2050-01-01') from e"
        )
    assert_all_maintained(recent.connection)


def test_days_are_utcs_whatever_the_sessions_zone(database: Database) -> None:
    connection = database.connection
    connection.execute(EVENTS)
    connection.execute("set timezone = 'America/New_York'")
    build(database, "recent", "select id from events where ts >= now() - interval '1 day'")
    # There the clocks went forward on 9 March 2036; a day before is 25 hours there, 24 in UTC.
    connection.execute("insert into events values (1, 1, '2036-03-09 05:30Z')")
    connection.execute("select penstock.tick('2036-03-10 05:00Z')")
    assert rows(database, "recent") == 1
    connection.execute("select penstock.tick('2036-03-10 05:31Z')")
    assert rows(database, "recent") == 0
    assert_all_maintained(connection)


def test_the_period_changes_without_a_rebuild(database: Database) -> None:
    connection = database.connection
    connection.execute(EVENTS)
    assert build(database, "recent", RECENT, "5 minutes") is Outcome.CREATED
    built = connection.execute("select deployed_at from penstock.views").fetchone()
    assert build(database, "recent", RECENT, "5 minutes") is Outcome.UNCHANGED
    assert connection.execute("select deployed_at from penstock.views").fetchone() == built
    before = clock(database, "recent")
    assert build(database, "recent", RECENT, "10 seconds") is Outcome.UNCHANGED
    every = connection.execute("select every::text from penstock.clocks()").fetchone()
    assert every == ("00:00:10",)
    assert clock(database, "recent") == before
    for wrong in ("soon", "0", "-1 second"):
        with pytest.raises(Unmaintainable, match="is no period"):
            build(database, "recent", RECENT, wrong)


def test_the_clock_goes_with_its_view(recent: Database) -> None:
    build(recent, "recent", RECENT.replace("7 days", "8 days"))
    build(recent, "recent", "select id, customer from events")
    left = recent.connection.execute(
        "select relname from pg_class where relname like '%clock%'"
        " and relnamespace = 'penstock_state'::regnamespace"
    ).fetchall()
    assert left == []
    assert recent.connection.execute("select penstock.tick()").fetchone() == (0,)


# --- rights ----------------------------------------------------------------------------------


def test_the_connector_ticks_to_now_and_a_reader_looks(recent: Database) -> None:
    with psycopg.connect(recent.url_for(CONNECTOR), autocommit=True) as connector:
        assert connector.execute("select penstock.tick()").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connector.execute("select penstock.tick('2050-01-01')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connector.execute("select penstock.move_clocks(array['recent__clock'], '2050-01-01')")
    with psycopg.connect(recent.url_for(READER), autocommit=True) as reader:
        assert reader.execute("select view_name from penstock.clocks()").fetchall() == [("recent",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("select penstock.tick()")


# --- concurrency -----------------------------------------------------------------------------


def waits(database: Database, work: Callable[[psycopg.Connection], object]) -> threading.Thread:
    """Start work on a connection of its own, and return when it waits for a lock."""
    other = database.connect()

    def run() -> None:
        with closing(other):
            work(other)

    thread = threading.Thread(target=run)
    thread.start()
    for _ in range(500):
        row = database.connection.execute(
            "select cardinality(pg_blocking_pids(%s))", (other.info.backend_pid,)
        ).fetchone()
        if row == (1,):
            return thread
        thread.join(0.01)
    raise AssertionError("it does not wait")


def test_a_tick_and_a_writer_take_turns(recent: Database) -> None:
    connection = recent.connection
    connection.execute("select penstock.tick('2040-01-10')")
    with closing(recent.connect()) as writer:
        with writer.transaction():
            writer.execute("insert into events values (1, 1, '2040-01-04')")
            ticker = waits(recent, lambda c: c.execute("select penstock.tick('2040-01-12')"))
        ticker.join()
        assert rows(recent, "recent") == 0
        with writer.transaction():
            writer.execute("select penstock.tick('2040-01-13')")
            insert = "insert into events values (2, 2, '2040-01-05 12:00Z')"
            late = waits(recent, lambda c: c.execute(insert))
        late.join()
    assert rows(recent, "recent") == 0
    assert_all_maintained(connection)


def test_pipelines_tick_apart(recent: Database) -> None:
    connection = recent.connection
    connection.execute("create table others (id int primary key, ts timestamptz)")
    build(recent, "other", "select id from others where ts > now() - interval '1 day'")
    pipelines = connection.execute("select distinct pipeline from penstock.clocks()").fetchall()
    assert len(pipelines) == 2, "a clock joins no pipelines"
    with closing(recent.connect()) as writer, writer.transaction():
        writer.execute("insert into events values (1, 1, now())")
        connection.execute("set lock_timeout = '2s'")
        moved = connection.execute("select penstock.tick_clocks(array['other__clock'])").fetchone()
        assert moved == (1,)


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_an_old_snapshot_does_not_tick(recent: Database, level: str) -> None:
    with closing(recent.connect()) as old:
        old.execute(f"begin isolation level {level}".encode())
        old.execute("select count(*) from events")
        recent.connection.execute("insert into events values (1, 1, now())")
        with pytest.raises(psycopg.errors.SerializationFailure):
            old.execute("select penstock.tick('2050-01-01')")
        old.execute("rollback")
        with old.transaction():
            old.execute(f"set transaction isolation level {level}".encode())
            old.execute("insert into events values (2, 1, '2049-12-31')")
            old.execute("select penstock.tick('2050-01-01')")
            assert old.execute("select id from recent").fetchall() == [(2,)]
    assert_all_maintained(recent.connection)


def test_a_tick_waits_for_whoever_builds_on_the_view(recent: Database) -> None:
    connection = recent.connection
    connection.execute("select penstock.tick('2040-01-10')")
    connection.execute("insert into events values (1, 1, '2040-01-04'), (2, 1, '2040-01-09')")
    with closing(recent.connect()) as builder:
        with builder.transaction():
            view = View(
                "public", "counted", "select customer, count(*) as n from recent group by 1"
            )
            deploy(PsycopgSession(builder), view)
            ticker = waits(recent, lambda c: c.execute("select penstock.tick('2040-01-12')"))
        ticker.join()
    assert connection.execute("select n from counted").fetchall() == [(1,)]
    assert_all_maintained(connection)
