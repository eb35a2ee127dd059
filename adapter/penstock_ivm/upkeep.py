"""What an operator declares of itself: how it follows a change, what it keeps, what that costs.

`penstock explain` shows it for a model, docs/coverage.md for every construct of SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How a change of the input becomes a change of the state."""

    DELTA = "delta"
    """From the changed rows, the state row they meet, and the rows they join."""
    RECOMPUTE = "affected keys"
    """The groups or partitions of the changed rows are computed again, and no others."""


@dataclass(frozen=True)
class Upkeep:
    """state: what the table holds. cost: per changed row, beside what a join finds for it."""

    method: Method
    state: str
    cost: str
