"""Timing of maintenance: nothing while it is off, and times that add up while it is on."""

from collections.abc import Iterator

import psycopg
import pytest
from click.testing import CliRunner

from penstock import cli
from penstock.control import CONNECTOR
from penstock.profiling import profile
from penstock.sources.timing import is_profiled
from penstock.testing import assert_all_maintained
from penstock.testing.services import Database
from penstock.testing.stories import StoryView
from penstock.testing.telling import deploy_view

VIEWS = (
    StoryView("kept", "select id, k, v from facts where v < 90"),
    StoryView("totals", "select k, sum(v) as total from kept group by k"),
    StoryView("large", "select k, total from totals where total > 10"),
)
INSERT = "insert into facts select i, i %% 10, i %% 100 from generate_series(%s::int, %s) as i"


@pytest.fixture
def facts(database: Database) -> Database:
    database.connection.execute("create table facts (id int primary key, k int, v int)")
    for view in VIEWS:
        deploy_view(database.connection, view)
    return database


@pytest.fixture
def timed(facts: Database) -> Iterator[psycopg.Connection]:
    facts.connection.execute(f"grant insert on facts to {CONNECTOR}")
    with psycopg.connect(facts.url_for(CONNECTOR), autocommit=True) as writer:
        writer.execute("set penstock.timing = on")
        yield writer


def noted(database: Database, query: str = "table penstock.timings") -> list[tuple[object, ...]]:
    return database.connection.execute(query.encode()).fetchall()


def test_timing_is_off_and_leaves_nothing(facts: Database) -> None:
    facts.connection.execute(INSERT, (1, 1000))
    assert noted(facts) == []
    settings = "select current_setting('penstock.spent', true)"
    assert facts.connection.execute(settings).fetchone() in ((None,), ("",))


def test_every_maintained_view_is_timed_and_children_are_not_counted_twice(
    facts: Database, timed: psycopg.Connection
) -> None:
    timed.execute(INSERT, (1, 1000))
    timed.execute(INSERT, (2001, 2100))
    ((views,),) = noted(
        facts, "select array_agg(distinct view_name order by view_name) from penstock.timings"
    )
    assert views == ["public.kept", "public.large", "public.totals"]
    ((outermost, own, least),) = noted(
        facts,
        "select sum(total) filter (where view_name = 'public.kept'), sum(self), min(self)"
        " from penstock.timings",
    )
    assert isinstance(least, int)
    assert least >= 0
    # kept fires totals, which fires large: its total is theirs, and the noting, too.
    assert own <= outermost  # type: ignore[operator]
    nested = "select bool_and(self < total) from penstock.timings where view_name = 'public.kept'"
    assert noted(facts, nested) == [(True,)]
    assert_all_maintained(facts.connection)


def test_one_transaction_of_many_statements_adds_up(
    facts: Database, timed: psycopg.Connection
) -> None:
    with timed.transaction():
        for number in range(20):
            timed.execute(INSERT, (number * 10, number * 10 + 9))
        with pytest.raises(psycopg.Error), timed.transaction():
            timed.execute(INSERT, (0, 0))
    ((own, outermost),) = noted(
        facts,
        "select sum(self), sum(total) filter (where view_name = 'public.kept')"
        " from penstock.timings",
    )
    assert own <= outermost  # type: ignore[operator]
    calls = "select count(*) from penstock.timings where view_name = 'public.kept'"
    assert noted(facts, calls) == [(20,)]


@pytest.mark.parametrize("value", ["x", "-5", "99999999999"])
def test_a_forged_setting_is_at_most_an_error(facts: Database, value: str) -> None:
    with facts.connect() as writer:
        writer.execute("set penstock.timing = on")
        writer.execute("select set_config('penstock.spent', %s, false)", [value])
        try:
            writer.execute(INSERT, (1, 10))
        except psycopg.Error as refused:
            assert refused.sqlstate == "22P02"
    assert_all_maintained(facts.connection)


def test_who_watches_is_seen_and_gone_with_the_session(facts: Database) -> None:
    asked = "select penstock.is_profiled()"
    with psycopg.connect(facts.url_for(CONNECTOR), autocommit=True) as connector:
        assert connector.execute(asked).fetchone() == (False,)
        seen = []
        profile(facts.connection, 0.3, lambda _: seen.append(connector.execute(asked).fetchone()))
        assert set(seen) == {(True,)}
        assert connector.execute(asked).fetchone() == (False,)

        def interrupted(_: float) -> None:
            raise KeyboardInterrupt

        with facts.connect() as watcher, pytest.raises(KeyboardInterrupt):
            profile(watcher, 5, interrupted)
        assert connector.execute(asked).fetchone() == (False,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connector.execute("select * from penstock.timed_batches")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connector.execute("select penstock.timing_ends('{0,0}', '', '')")


def test_a_profile_of_a_session_that_has_timing_on(
    facts: Database, timed: psycopg.Connection
) -> None:
    numbers = iter(range(1000))

    def write(_: float) -> None:
        number = next(numbers)
        timed.execute(INSERT, (number * 100, number * 100 + 99))

    found = profile(facts.connection, 0.5, write)
    assert {model.name for model in found.models} == {f"public.{view.name}" for view in VIEWS}
    assert [phase.name for phase in found.phases] == ["other writers"]
    assert sum(model.share for model in found.models) == pytest.approx(1)
    assert sum(f.share for f in found.functions) == pytest.approx(1)
    assert found.wal_bytes > 0
    assert noted(facts) == [], "the watch clears up"


def test_a_watch_that_sees_nothing_says_what_to_do(
    facts: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", facts.url)
    done = CliRunner().invoke(cli.cli, ["profile", "--seconds", "1"])
    assert done.exit_code == 1
    assert "nothing was committed in 1 s" in str(done.exception)


def test_a_connector_gets_on_with_a_control_plane_that_cannot_say(facts: Database) -> None:
    assert not is_profiled(facts.connection)
    facts.connection.execute("drop function penstock.is_profiled()")
    assert not is_profiled(facts.connection)
