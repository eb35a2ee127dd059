"""Every interleaving of tests/engine/schedules under three isolation levels."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from penstock.testing.schedules import Schedule, interleavings, parse_schedule, read_schedule
from penstock.testing.sections import files_in
from penstock.testing.services import Database
from penstock.testing.taking_turns import take_turns
from penstock.testing.telling import Wrong, deploy_view

SCHEDULES = files_in(Path(__file__).parent / "schedules")
LEVELS = ["read committed", "repeatable read", "serializable"]
COMMITTED = "read committed"

NAIVE = """
create table public.told as select a.x, b.y from a join b on b.k = a.k;
create function naive_a() returns trigger language plpgsql as $$ begin
    insert into public.told select n.x, b.y from new_rows as n join public.b on b.k = n.k;
    return null; end $$;
create function naive_b() returns trigger language plpgsql as $$ begin
    insert into public.told select a.x, n.y from public.a join new_rows as n on n.k = a.k;
    return null; end $$;
create trigger naive after insert on a referencing new table as new_rows
    for each statement execute function naive_a();
create trigger naive after insert on b referencing new table as new_rows
    for each statement execute function naive_b();
"""
BOTH_SIDES = parse_schedule("""
-- schedule: both sides of a join
-- tables
create table a (k int, x int);
create table b (k int, y int);
-- view
select a.x, b.y from a join b on b.k = a.k;
-- session: left
insert into a values (1, 1);
-- then
insert into a values (2, 2);
-- session: right
insert into b values (1, 1);
-- then
insert into b values (2, 2);
""")


def orders(schedule: Schedule) -> list[tuple[int, ...]]:
    return list(interleavings([len(steps) + 1 for steps in schedule.sessions]))


def begin_again(connection: psycopg.Connection, schedule: Schedule) -> None:
    tables = connection.execute(
        "select string_agg(oid::regclass::text, ', ') from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind = 'r'"
    ).fetchone()
    assert tables is not None
    connection.execute(f"truncate {tables[0]} cascade")
    if schedule.rows:
        connection.execute(schedule.rows)


@contextmanager
def sessions(database: Database, schedule: Schedule) -> Iterator[list[psycopg.Connection]]:
    """One connection for each session of the schedule."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(database.connect())) for _ in schedule.sessions]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("path", SCHEDULES, ids=lambda path: path.stem)
def test_views_are_right_in_every_interleaving(database: Database, path: Path, level: str) -> None:
    schedule = read_schedule(path)
    database.connection.execute(schedule.tables)
    for view in schedule.views:
        deploy_view(database.connection, view)

    with psycopg.connect(database.server.url, autocommit=True) as superuser:
        superuser.execute(f"alter database {database.name} set deadlock_timeout = '20ms'")
    retried = 0
    with sessions(database, schedule) as connections:
        for order in orders(schedule):
            begin_again(database.connection, schedule)
            told = take_turns(connections, database.connection, schedule, order, level)
            retried += "40001" in told.outcomes
    if level == COMMITTED:
        assert retried == 0, "there is nothing to retry under READ COMMITTED"
    else:
        assert retried > 0, "some order has a snapshot older than the other's commit"


def test_a_naive_join_trigger_is_found_wrong(database: Database) -> None:
    database.connection.execute(BOTH_SIDES.tables)
    database.connection.execute(NAIVE)
    wrong = 0
    for order in orders(BOTH_SIDES):
        begin_again(database.connection, BOTH_SIDES)
        with sessions(database, BOTH_SIDES) as connections:
            try:
                take_turns(connections, database.connection, BOTH_SIDES, order, COMMITTED)
            except Wrong:
                wrong += 1
    assert wrong == 18, f"{wrong} of {len(orders(BOTH_SIDES))} interleavings were found wrong"


def test_a_session_that_fails_otherwise_is_found(database: Database) -> None:
    schedule = parse_schedule("""
-- schedule: a duplicate key
-- tables
create table a (k int primary key);
-- view
select k from a where k > 0;
-- session: one
insert into a values (1);
-- session: two
insert into a values (1);
""")
    database.connection.execute(schedule.tables)
    deploy_view(database.connection, schedule.views[0])
    with (
        sessions(database, schedule) as connections,
        pytest.raises(Wrong, match="failed with 23505"),
    ):
        take_turns(connections, database.connection, schedule, (0, 0, 1, 1), COMMITTED)
