"""Errors of the compiler, in PostgreSQL's three parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock_ivm.model import View


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


def placed(error: Unmaintainable, view: View) -> Unmaintainable:
    """Say where in the model the construct stands: the line that has its first word."""
    words = re.findall(r"[A-Z][A-Z ]+[A-Z]|\w+(?=\(\))", error.primary)
    place = view.path or f"{view.schema}.{view.name}"
    for word in words:
        pattern = re.compile(re.escape(word).replace("\\ ", r"\s+"), re.IGNORECASE)
        found = pattern.search(view.query)
        if found:
            place += f":{view.query.count(chr(10), 0, found.start()) + 1}"
            break
    detail = f"{place}   {error.detail}" if error.detail else place
    return Unmaintainable(error.primary, detail, error.hint)
