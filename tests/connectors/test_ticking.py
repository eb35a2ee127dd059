"""Who ticks: every clock at its own pace, one ticker at a time, whatever fails beside it."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from click.testing import CliRunner

from penstock import cli, ticking
from penstock.cli.connect import ticker as connected
from penstock.control import CONNECTOR
from penstock.status import read_status
from penstock.testing.services import Database
from penstock.testing.stories import StoryView
from penstock.testing.telling import deploy_view
from penstock.ticking import Clock, due

SECONDS = 15.0
TABLE = "create table events (id int primary key, ts timestamptz, x int)"
RECENT = StoryView("recent", "select id from events where ts > now() - interval '1 second'")


@contextmanager
def ticker(url: str, every: float | None = 0.05) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=ticking.run, args=(url, stop, every))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()


def becomes(database: Database, query: str, want: object) -> None:
    deadline = time.monotonic() + SECONDS
    while (found := database.connection.execute(query.encode()).fetchone()) != (want,):
        assert time.monotonic() < deadline, f"{query}: still {found}, want {want}"
        time.sleep(0.02)


def test_rows_leave_while_it_runs(database: Database) -> None:
    database.connection.execute(TABLE)
    deploy_view(database.connection, RECENT)
    with ticker(database.url_for(CONNECTOR)):
        database.connection.execute("insert into events values (1, now(), 1)")
        becomes(database, "select count(*) from recent", 1)
        becomes(database, "select count(*) from recent", 0)


def test_each_clock_moves_at_its_own_pace(database: Database) -> None:
    database.connection.execute(TABLE)
    deploy_view(database.connection, RECENT)
    seldom = StoryView("seldom", RECENT.query)
    deploy_view(database.connection, seldom)
    database.connection.execute(
        "update penstock.views set definition = jsonb_set(definition, '{clock,every}',"
        " case view_name when 'recent' then '\"50 ms\"' else '\"1 hour\"' end::jsonb)"
    )
    moved = "select at > %s::timestamptz from penstock.clocks() where view_name = '{}'"
    before = database.connection.execute(
        "select at::text from penstock.clocks() where view_name = 'seldom'"
    ).fetchone()
    assert before is not None
    with ticker(database.url, every=None):
        later = (
            "select at > now() - interval '1 s' from penstock.clocks() where view_name = 'recent'"
        )
        time.sleep(1.5)
        becomes(database, later, True)
    row = database.connection.execute(moved.format("seldom"), before).fetchone()
    assert row == (False,)


def test_one_of_two_ticks_and_the_other_takes_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticking, "LOOK_SECONDS", 0.1)
    held = (
        "select count(*) from pg_locks where locktype = 'advisory' and granted"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    database.connection.execute(TABLE)
    deploy_view(database.connection, RECENT)
    with ticker(database.url):
        becomes(database, held, 1)
        with ticker(database.url):
            time.sleep(0.3)
            becomes(database, held, 1)
        becomes(database, held, 1)
    becomes(database, held, 0)


def test_a_view_that_fails_does_not_stop_the_others(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    connection = database.connection
    connection.execute(TABLE)
    connection.execute("create table others (id int primary key, ts timestamptz, x int)")
    deploy_view(connection, RECENT)
    failing = "select id, case when ts > now() - interval '1 second' then 1 else 1 / x end as y"
    deploy_view(connection, StoryView("failing", f"{failing} from others"))
    connection.execute("insert into others values (1, now(), 0)")
    with caplog.at_level(logging.WARNING, "penstock.tick"), ticker(database.url):
        connection.execute("insert into events values (1, now(), 1)")
        becomes(database, "select count(*) from recent", 1)
        time.sleep(1.2)
        becomes(database, "select count(*) from recent", 0)
        connection.execute("delete from others")
        deadline = time.monotonic() + SECONDS
        while "ticks again" not in caplog.text:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    said = [record.message for record in caplog.records]
    complaint = "failing__clock does not tick: view public.failing cannot take this change"
    assert sum(complaint in words for words in said) == 1
    assert sum("ticks again" in words for words in said) == 1


def test_nothing_ticks_without_a_temporal_view(database: Database) -> None:
    with closing(database.connect()) as connection:
        assert due(ticking.read_clocks(connection)) == ([], ticking.LOOK_SECONDS)
        assert ticking.tick_once(connection) == 0


def test_clocks_of_a_pipeline_go_together_and_the_next_is_waited_for() -> None:
    clocks = [Clock("a", 1, 1.0, 1.5), Clock("b", 1, 1.0, 1.2), Clock("c", 2, 10.0, 12.0)]
    assert due(clocks) == ([["a", "b"], ["c"]], 1.0)
    assert due([Clock("a", 1, 60.0, 59.8)]) == ([], 0.2)
    assert due([Clock("a", 1, 60.0, 59.8)], every=0.5) == ([["a"]], 0.5)
    assert due([Clock("a", 1, 0.0001, 1.0)]) == ([["a"]], ticking.SHORTEST_SECONDS)
    # A clock that is ahead, as one may be that was moved by hand.
    assert due([Clock("a", 1, 1.0, -1000.0)]) == ([], ticking.LOOK_SECONDS)


def test_the_command_ticks_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    database.connection.execute(TABLE)
    deploy_view(database.connection, RECENT)
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", database.url)
    done = CliRunner().invoke(cli.cli, ["tick", "--once"])
    assert (done.exit_code, done.output) == (0, "1 clocks moved\n")
    wrong = CliRunner().invoke(cli.cli, ["tick", "--every", "soon"])
    assert wrong.exit_code == 2
    assert "no period" in wrong.output


def test_the_status_shows_how_late_a_clock_is(database: Database) -> None:
    connection = database.connection
    connection.execute(TABLE)
    deploy_view(connection, RECENT)
    deploy_view(connection, StoryView("timeless", "select id from events where x > 1"))
    connection.execute("select pg_sleep(0.2)")
    lags = {view.name: view.clock_lag_seconds for view in read_status(connection, None).views}
    assert lags["public.timeless"] is None
    assert lags["public.recent"] is not None
    assert lags["public.recent"] >= 0.2
    connection.execute("select penstock.tick('2050-01-01')")
    assert [view.clock_lag_seconds for view in read_status(connection, None).views] == [0, None]


def test_the_connector_ticks_and_stops_with_it(database: Database) -> None:
    database.connection.execute(TABLE)
    deploy_view(database.connection, RECENT)
    stop = threading.Event()
    with connected(database.url_for(CONNECTOR), stop, on=True):
        database.connection.execute("insert into events values (1, now(), 1)")
        becomes(database, "select count(*) from recent", 0)
    assert stop.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name == "tick"]
