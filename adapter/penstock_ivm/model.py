"""What a caller hands in and gets back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Index:
    """An index a user wants on the view's columns."""

    columns: tuple[str, ...]
    unique: bool = False
    type: str = "btree"


@dataclass(frozen=True)
class View:
    """A maintained view as its owner writes it.

    query: one SELECT. path: where it was written, for errors. append_only: (schema, name)
    of tables and views that hardly ever lose or change a row. tick: how often the clock of a
    view that compares with now() is moved, as an interval. on_error: what becomes of a writer
    whose change the view cannot take: 'raise' stops it, 'suspend' stops the view instead.
    """

    schema: str
    name: str
    query: str
    path: str = ""
    indexes: tuple[Index, ...] = ()
    append_only: frozenset[tuple[str, str]] = frozenset()
    tick: str = "1 second"
    on_error: str = "raise"


class Outcome(Enum):
    """What deploy did."""

    CREATED = "created"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    INDEXED = "indexes changed"


@dataclass(frozen=True)
class Difference:
    """A row that the view and its own SELECT do not have equally often."""

    side: str
    """'missing' from the view, or 'extra' in it."""
    row: str
    times: int
