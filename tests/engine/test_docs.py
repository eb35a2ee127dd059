"""The story in docs/testing.md is a story."""

import re
from pathlib import Path

from penstock.testing.services import Database
from penstock.testing.stories import parse_story
from penstock.testing.telling import set_up, tell

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"


def test_the_story_in_the_guide(database: Database) -> None:
    blocks = re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 1
    story = parse_story(blocks[0])
    set_up(database.connection, story)
    tell(database.connection, story)
