"""Every check of the harness is shown to fail: a check that cannot fail proves nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from penstock.testing import NotMaintained, assert_maintained, load_rows
from penstock.testing.differential import compare
from penstock.testing.exploring import explore
from penstock.testing.random_changes import transactions
from penstock.testing.random_values import tables_of
from penstock.testing.refusals import read_refusals
from penstock.testing.schedules import parse_schedule
from penstock.testing.sections import FixtureError, files_in
from penstock.testing.services import Database
from penstock.testing.stories import Story, parse_story
from penstock.testing.telling import Wrong, set_up, tell

TOTALS = """
-- story: totals
-- covers: sum
-- tables
create table t (g int, x int);
-- view
select g, sum(x) as total from t group by g;
-- step: two rows
insert into t values (1, 2), (1, 3);
-- expect
values (1, 5::bigint);
-- step: one goes
delete from t where x = 2;
"""


@pytest.fixture
def story() -> Story:
    return parse_story(TOTALS)


def test_a_table_that_nobody_maintains_is_wrong(database: Database, story: Story) -> None:
    database.connection.execute(story.tables)
    database.connection.execute(f"create table told as {story.views[0].query}")
    with pytest.raises(Wrong, match="missing 1 x \\(1,5\\)"):
        tell(database.connection, story)


def test_an_expectation_can_fail(database: Database) -> None:
    wrong = parse_story(TOTALS.replace("values (1, 5::bigint)", "values (1, 6::bigint)"))
    set_up(database.connection, wrong)
    with pytest.raises(Wrong, match="expect at line 10"):
        tell(database.connection, wrong)


def test_a_step_that_should_fail_and_does_not_is_wrong(database: Database) -> None:
    story = parse_story(TOTALS + "-- error: no such thing\n")
    set_up(database.connection, story)
    with pytest.raises(Wrong, match="did not fail"):
        tell(database.connection, story)


def state_table(database: Database) -> str:
    row = database.connection.execute(
        "select state_table from penstock.views where view_name = 'told'"
    ).fetchone()
    assert row is not None
    return f"penstock_state.{row[0].rpartition('.')[2]}"


def spare(database: Database) -> None:
    """Break the newest state table: rows of group 2 are never deleted."""
    database.connection.execute(
        f"create trigger spared before delete on {state_table(database)}"
        " for each row execute function spared()"
    )


def test_random_histories_find_a_fault(database: Database, story: Story) -> None:
    """One retraction in the trigger functions is lost; some history shows it."""
    connection = database.connection
    set_up(connection, story)
    tables = tables_of(connection, story)
    connection.execute(
        "create function spared() returns trigger language plpgsql as"
        " $$ begin if old.g = 2 then return null; end if; return old; end $$;"
    )
    spare(database)

    histories = transactions(tables, server_version=connection.info.server_version)

    @settings(max_examples=300, report_multiple_bugs=False, phases=[Phase.generate])
    @given(histories)
    def told(history: list[list[str]]) -> None:
        try:
            explore(connection, story, tables, history)
        except Wrong:
            spare(database)
            raise

    with pytest.raises(Wrong, match="-- story: totals \\(found\\)"):
        told()


@pytest.mark.parametrize(
    ("want", "got"),
    [
        ("values (1.0)", "values (1.00)"),
        ("values (0::float8)", "values ('-0'::float8)"),
        ("values (null::text)", "values ('')"),
        ("values (1), (1)", "values (1)"),
        ("values ('a')", "values ('A')"),
        ("select 1 where false", "values (1)"),
    ],
)
def test_what_a_reader_tells_apart_is_not_equal(database: Database, want: str, got: str) -> None:
    assert compare(database.connection, want, got)
    assert compare(database.connection, got, want)
    assert not compare(database.connection, want, want)


def test_assert_maintained_finds_a_row_that_was_taken_out(database: Database, story: Story) -> None:
    connection = database.connection
    set_up(connection, story)
    load_rows(connection, "t", [(1, 2), (2, 3)])
    load_rows(connection, "public.t", [{"x": 4, "g": 2}])
    assert_maintained(connection, "told")
    connection.execute(f"alter table {state_table(database)} disable trigger user")
    connection.execute(f"delete from {state_table(database)} where g = 2")  # noqa: S608
    with pytest.raises(NotMaintained, match="missing 1 x \\(2,7\\)"):
        assert_maintained(connection, "public.told")


def test_assert_maintained_leaves_settings_as_they_were(database: Database, story: Story) -> None:
    set_up(database.connection, story)
    with database.connection.transaction():
        database.connection.execute("set local timezone = 'Asia/Tokyo'")
        assert_maintained(database.connection, "told")
        row = database.connection.execute("show timezone").fetchone()
    assert row == ("Asia/Tokyo",)


BROKEN = {
    "unknown section 'setp'": TOTALS.replace("-- step: one", "-- setp: one"),
    "the story has no covers": TOTALS.replace("-- covers: sum\n", ""),
    "the story has no views": TOTALS.replace("-- view\n", ""),
    "the story has no steps": TOTALS.split("-- step", maxsplit=1)[0],
    "stands before the first step": TOTALS.split("-- step", maxsplit=1)[0] + "-- expect\nselect 1",
    "section 'expect' is empty": TOTALS.replace("values (1, 5::bigint);\n", ""),
    "'other' is not a view": TOTALS.replace("-- expect", "-- expect: other"),
    "text before the first section": "select 1;\n" + TOTALS,
}


@pytest.mark.parametrize(("error", "text"), BROKEN.items(), ids=BROKEN)
def test_a_broken_story_is_an_error(error: str, text: str) -> None:
    with pytest.raises(FixtureError, match=error):
        parse_story(text)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="is empty"):
        files_in(tmp_path)


def test_a_refusal_without_a_hint_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "refusal.sql"
    path.write_text("-- refusal: x\n-- tables\nselect 1\n-- view\nselect 1\n-- error\nno\n")
    with pytest.raises(FixtureError, match="'x' has no hint"):
        read_refusals(path)


def test_a_schedule_of_one_session_is_an_error() -> None:
    with pytest.raises(FixtureError, match="two sessions"):
        parse_schedule("-- schedule: x\n-- tables\na\n-- view\nb\n-- session: one\nc\n")


def test_a_story_that_was_found_reads_back(story: Story) -> None:
    again = parse_story(story.sql())
    assert again.views == story.views
    assert [step.text for step in again.steps] == [step.text for step in story.steps]
    assert again.tables == replace(story, title="x").tables
