"""Errors of the compiler, in PostgreSQL's three parts."""

from __future__ import annotations


class Unmaintainable(Exception):
    """A query that cannot be kept equal to its SELECT, and the way out.

    primary: one line, the fact. detail: where (file:line and the SQL). hint: one thing to do.
    """

    def __init__(self, primary: str, detail: str | None = None, hint: str | None = None) -> None:
        """Keep the three parts; `str()` joins those that are there."""
        self.primary = primary
        self.detail = detail
        self.hint = hint
        super().__init__(primary)

    def __str__(self) -> str:
        """Return the parts one a line, as psql shows them."""
        lines = [self.primary]
        if self.detail:
            lines.append(f"detail: {self.detail}")
        if self.hint:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)
