"""Fixtures of compiler passes: SQL in, SQL out.

    -- title: links from a table
    -- query
    with recursive …
    -- becomes
    select a, b from links
    -- title: another shape
    -- query
    select 1
    -- unchanged

`-- unchanged` says that the pass leaves the query to others.
"""

from dataclasses import dataclass
from pathlib import Path

from penstock.testing.sections import FixtureError, read_sections

SECTIONS = frozenset(["title", "query", "becomes", "unchanged"])


@dataclass(frozen=True, slots=True)
class PassCase:
    """One case; `becomes` is None for a query that the pass leaves as it is."""

    title: str
    query: str
    becomes: str | None


def read_cases(path: Path) -> list[PassCase]:
    """Read the cases of one file. Raises FixtureError for an unpaired one."""
    sections = read_sections(path, SECTIONS)
    if len(sections) % 3:
        raise FixtureError(
            "a case is not a title, a query and what becomes of it",
            detail=path.name,
            hint="add -- becomes with its SQL, or -- unchanged",
        )
    cases = []
    for title, query, after in zip(sections[::3], sections[1::3], sections[2::3], strict=True):
        is_paired = title.name == "title" and query.name == "query" and query.text
        if not is_paired or after.name not in ("becomes", "unchanged"):
            raise FixtureError(
                "a case is not a title, a query and what becomes of it",
                detail=f"{path.name}:{title.line}",
                hint="keep them in this order",
            )
        becomes = after.text if after.name == "becomes" else None
        cases.append(PassCase(title.title, query.text, becomes))
    return cases
