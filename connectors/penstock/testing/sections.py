"""Test fixtures as SQL files: sections that start with `-- name: title`.

A section line is two dashes, one of the names that the kind of fixture knows, and an optional
title behind a colon. Everything up to the next section line is the section's text; nothing is
ever split at a semicolon, so any statement can stand in it. Other comments stay in the text.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from penstock.errors import PenstockError

_LINE = re.compile(r"^-- ([a-z][a-z ]*?)(?:: *(.*?))? *$")
# A section nobody knows is a typing error; prose in a comment is not. Prose has more words.
_WORDS = 2


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its name, its title (empty when there is none), its text, its line."""

    name: str
    title: str
    text: str
    line: int


class FixtureError(PenstockError):
    """A fixture file that cannot be read as one."""


def read_sections(path: Path, known: Collection[str]) -> list[Section]:
    """Split a file into sections. Raises FixtureError for a section that is not known.

    known: names of sections; "key: value" sections among them may have no text.
    """
    return split_sections(path.read_text(), known, where=path.name)


def split_sections(text: str, known: Collection[str], where: str = "fixture") -> list[Section]:
    r"""Split text as `read_sections` does.

    >>> [(s.name, s.title, s.text) for s in split_sections("-- step: one\nselect 1;", {"step"})]
    [('step', 'one', 'select 1;')]
    """
    found: list[tuple[str, str, list[str], int]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        name, title = _read_line(line)
        if name in known:
            found.append((name, title, [], number))
        elif name and len(name.split()) <= _WORDS:
            raise FixtureError(
                f"unknown section {name!r}",
                detail=f"{where}:{number}",
                hint=f"the sections are {', '.join(sorted(known))}; indent a plain comment",
            )
        elif found:
            found[-1][2].append(line)
        elif line.strip():
            raise FixtureError(
                "text before the first section",
                detail=f"{where}:{number}",
                hint="start the file with its title",
            )
    return [Section(name, title, "\n".join(lines).strip(), n) for name, title, lines, n in found]


def _read_line(line: str) -> tuple[str, str]:
    match = _LINE.match(line)
    return (match.group(1), match.group(2) or "") if match else ("", "")


def files_in(folder: Path) -> list[Path]:
    """List a folder's fixtures; an empty folder is an error, for it would test nothing."""
    files = sorted(folder.glob("**/*.sql"))
    if not files:
        raise FixtureError(
            "a folder of fixtures is empty", detail=folder.name, hint="add one, or remove its test"
        )
    return files
