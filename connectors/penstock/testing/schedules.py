"""Schedules: every interleaving of a few sessions' steps, each on connections of its own.

    -- schedule: both sides of a join come at once
    -- covers: inner join
    -- tables
    create table a (k int); create table b (k int);
    -- view
    select a.k from a join b on b.k = a.k;
    -- rows
    insert into a values (0);
    -- session: left
    insert into a values (1);
    -- session: right
    insert into b values (1);
    -- then
    insert into b values (0);

A session is one transaction; `-- then` parts it into steps, and its commit is one more.
`-- allows: 23505` names SQLSTATEs that a session may fail with beside 40001.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from penstock.testing.sections import FixtureError, Section, read_sections, split_sections
from penstock.testing.stories import VIEW, StoryView

SECTIONS = frozenset(["schedule", "covers", "allows", "tables", "view", "rows", "session", "then"])
COMMIT = "commit"


@dataclass(frozen=True, slots=True)
class Schedule:
    """What several sessions do at once. sessions: the statements of each, in order."""

    title: str
    tables: str
    views: tuple[StoryView, ...]
    sessions: tuple[tuple[str, ...], ...]
    rows: str = ""
    covers: str = ""
    allows: tuple[str, ...] = ()


def read_schedule(path: Path) -> Schedule:
    """Read a schedule from its file. Raises FixtureError where it is not one."""
    return _schedule(read_sections(path, SECTIONS), path.name)


def parse_schedule(text: str) -> Schedule:
    """Read a schedule from text."""
    return _schedule(split_sections(text, SECTIONS), "schedule")


def _schedule(sections: list[Section], where: str) -> Schedule:
    found = Schedule("", "", (), ())
    for section in sections:
        match section.name:
            case "schedule":
                found = replace(found, title=section.title)
            case "covers":
                found = replace(found, covers=section.title)
            case "allows":
                found = replace(found, allows=tuple(section.title.replace(",", " ").split()))
            case "tables":
                found = replace(found, tables=section.text)
            case "rows":
                found = replace(found, rows=section.text)
            case "view":
                view = StoryView(section.title or VIEW, section.text)
                found = replace(found, views=(*found.views, view))
            case "session":
                found = replace(found, sessions=(*found.sessions, (section.text,)))
            case _:
                if not found.sessions:
                    raise FixtureError(
                        "'then' stands before the first session",
                        detail=f"{where}:{section.line}",
                        hint="begin with -- session: name",
                    )
                *before, last = found.sessions
                found = replace(found, sessions=(*before, (*last, section.text)))
    if not found.title or not found.tables or not found.views or len(found.sessions) < 2:
        raise FixtureError(
            "a schedule needs a title, tables, a view and two sessions",
            detail=where,
            hint="add the section that is missing",
        )
    return found


def interleavings(lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Give every order in which sessions of these many steps can take turns.

    >>> sorted(interleavings([1, 2]))
    [(0, 1, 1), (1, 0, 1), (1, 1, 0)]
    """
    if not any(lengths):
        yield ()
        return
    for session, left in enumerate(lengths):
        if left:
            fewer = [n - (i == session) for i, n in enumerate(lengths)]
            for rest in interleavings(fewer):
                yield (session, *rest)


def switches(order: Sequence[int]) -> int:
    """Count how often the turn passes to another session.

    >>> switches((0, 1, 1))
    1
    """
    return sum(a != b for a, b in pairwise(order))
