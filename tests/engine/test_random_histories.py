"""The stories' views under random rows and random changes; `make soak` looks longer."""

from pathlib import Path

import pytest
from hypothesis import given

from penstock.testing.exploring import explore
from penstock.testing.random_changes import transactions
from penstock.testing.random_values import tables_of
from penstock.testing.sections import files_in
from penstock.testing.services import Database
from penstock.testing.stories import read_story
from penstock.testing.telling import missing_requirement, set_up

STORIES = [
    path for path in files_in(Path(__file__).parent / "stories") if read_story(path).random is None
]


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_views_equal_their_select_under_any_changes(database: Database, path: Path) -> None:
    story = read_story(path)
    connection = database.connection
    lacking = missing_requirement(connection, story)
    if lacking:
        pytest.skip(f"the server has no {lacking}")
    set_up(connection, story)
    tables = tables_of(connection, story)
    histories = transactions(tables, server_version=connection.info.server_version)

    @given(histories)
    def told(history: list[list[str]]) -> None:
        explore(connection, story, tables, history)

    told()
