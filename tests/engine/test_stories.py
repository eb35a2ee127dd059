"""Every story of tests/engine/stories, told to a real server: see penstock.testing.stories."""

from dataclasses import replace
from pathlib import Path

import pytest

from penstock.testing.sections import files_in
from penstock.testing.services import Database
from penstock.testing.stories import Story, read_story
from penstock.testing.telling import (
    check,
    deploy_view,
    missing_requirement,
    set_up,
    take,
    tell,
)
from penstock_ivm import PsycopgSession, repair

STORIES = files_in(Path(__file__).parent / "stories")


@pytest.fixture(params=STORIES, ids=lambda path: path.stem)
def story(request: pytest.FixtureRequest) -> Story:
    return read_story(request.param)


def ready(database: Database, story: Story) -> None:
    """Set the story up, or skip where the server lacks what it needs."""
    lacking = missing_requirement(database.connection, story)
    if lacking:
        pytest.skip(f"the server has no {lacking}")
    set_up(database.connection, story)


def test_each_step_in_its_own_transaction(database: Database, story: Story) -> None:
    ready(database, story)
    tell(database.connection, story)


def test_all_steps_in_one_transaction(database: Database, story: Story) -> None:
    ready(database, story)
    tell(database.connection, story, one_transaction=True)


def test_views_deployed_halfway_and_built_again(database: Database, story: Story) -> None:
    """State filled from rows that are there, then maintained, is as good as from none."""
    connection = database.connection
    lacking = missing_requirement(connection, story)
    if lacking:
        pytest.skip(f"the server has no {lacking}")
    connection.execute(story.tables)
    half = len(story.steps) // 2
    for step in story.steps[:half]:
        take(connection, step)
    for view in story.views:
        deploy_view(connection, view, story.append_only)
    tell(connection, replace(story, steps=story.steps[half:]))
    with connection.transaction():
        repair(PsycopgSession(connection), "public", story.views[0].name)
    check(connection, story, "after repair")
