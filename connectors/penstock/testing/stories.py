"""Stories: a maintained view, and what happens to its inputs, told in one SQL file.

    -- story: a left join shows NULL again when the last match goes
    -- covers: left join, retraction
    -- tables
    create table orders (order_id int, customer_id int);
    create table customers (customer_id int, name text);
    -- view
    select order_id, name from orders left join customers using (customer_id);
    -- step: one customer
    insert into orders values (1, 10);
    insert into customers values (10, 'Ada');
    -- expect
    values (1, 'Ada');

Several views are named (`-- view: by_day`); a later one may read an earlier one. `-- copy:
table (columns)` is a step of CSV lines for COPY. `-- expect: by_day` names the view it looks
at, else it is the last one. `-- error: text` says that the step before it fails so.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from penstock.testing.sections import FixtureError, Section, read_sections, split_sections

SECTIONS = frozenset(
    (
        *("story", "covers", "requires", "append only", "random", "tables"),
        *("view", "step", "copy", "expect", "error"),
    )
)
VIEW = "told"


@dataclass(frozen=True, slots=True)
class StoryView:
    """A view of a story: its name in schema public, and its SELECT."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a view shows after a step; `query` gives the rows."""

    view: str
    query: str
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step: SQL, or CSV lines to copy into `copy_into`; `error` is what it must fail with."""

    title: str
    text: str
    line: int
    copy_into: str | None = None
    expectations: tuple[Expectation, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A story as told in its file.

    requires: what the server must have, such as `postgres 15` or `citext`. append_only: tables
    and views that are said to keep their rows. random: why this one is not told again with
    random rows.
    """

    title: str
    tables: str
    views: tuple[StoryView, ...]
    steps: tuple[Step, ...]
    covers: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    append_only: tuple[str, ...] = ()
    random: str | None = None

    def sql(self) -> str:
        """Write the story as a file that reads back as the same story."""
        parts = [f"-- story: {self.title}", f"-- covers: {', '.join(self.covers)}"]
        if self.append_only:
            parts.append(f"-- append only: {', '.join(self.append_only)}")
        parts += ["-- tables", self.tables]
        for view in self.views:
            parts += [f"-- view: {view.name}", view.query]
        for step in self.steps:
            section = f"copy: {step.copy_into}" if step.copy_into else f"step: {step.title}"
            parts += [f"-- {section}", step.text]
        return "\n".join(parts) + "\n"


def read_story(path: Path) -> Story:
    """Read a story from its file. Raises FixtureError where it is not one."""
    return _story(read_sections(path, SECTIONS), path.name)


def parse_story(text: str) -> Story:
    """Read a story from text."""
    return _story(split_sections(text, SECTIONS), "story")


def _story(sections: list[Section], where: str) -> Story:  # noqa: PLR0912 - one case a section
    story = Story("", "", (), ())
    for section in sections:
        match section.name:
            case "story":
                story = replace(story, title=section.title)
            case "covers":
                story = replace(story, covers=_listed(section.title))
            case "requires":
                story = replace(story, requires=_listed(section.title))
            case "append only":
                story = replace(story, append_only=_listed(section.title))
            case "random":
                story = replace(story, random=section.title)
            case "tables":
                story = replace(story, tables=_text(section, where))
            case "view":
                view = StoryView(section.title or VIEW, _text(section, where))
                story = replace(story, views=(*story.views, view))
            case "step":
                step = Step(section.title, _text(section, where), section.line)
                story = replace(story, steps=(*story.steps, step))
            case "copy":
                text = _text(section, where)
                step = Step(f"copy {section.title}", text, section.line, section.title)
                story = replace(story, steps=(*story.steps, step))
            case _:
                story = _with_outcome(story, section, where)
    for part in ("title", "covers", "tables", "views", "steps"):
        if not getattr(story, part):
            raise FixtureError(f"the story has no {part}", detail=where, hint="add the section")
    return story


def _with_outcome(story: Story, section: Section, where: str) -> Story:
    """Add `expect` or `error` to the step before it."""
    if not story.steps:
        raise FixtureError(
            f"{section.name!r} stands before the first step",
            detail=f"{where}:{section.line}",
            hint="say what happens first",
        )
    *before, step = story.steps
    if section.name == "error":
        step = replace(step, error=section.title)
    else:
        names = [view.name for view in story.views]
        name = section.title or "".join(names[-1:])
        if names and name not in names:
            raise FixtureError(
                f"{name!r} is not a view of the story",
                detail=f"{where}:{section.line}",
                hint=f"the views are {', '.join(names)}",
            )
        expectation = Expectation(name, _text(section, where), section.line)
        step = replace(step, expectations=(*step.expectations, expectation))
    return replace(story, steps=(*before, step))


def _text(section: Section, where: str) -> str:
    if not section.text:
        raise FixtureError(
            f"section {section.name!r} is empty",
            detail=f"{where}:{section.line}",
            hint="write its SQL, or remove it",
        )
    return section.text


def _listed(title: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in title.split(",") if part.strip())
