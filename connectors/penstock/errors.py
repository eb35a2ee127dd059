"""Errors a user sees, in PostgreSQL's three parts."""


class PenstockError(Exception):
    """Something a user can act on: the fact, its place, and one thing to do.

    primary: one line, lower case, what came and what was expected.
    detail: the place (file, line, server's words); may span lines.
    hint: one thing to do about it.

    >>> print(PenstockError("no database to connect to", hint="run `penstock up`"))
    no database to connect to
    hint: run `penstock up`
    """

    def __init__(self, primary: str, detail: str | None = None, hint: str | None = None) -> None:
        super().__init__(primary, detail, hint)
        self.primary = primary
        self.detail = detail
        self.hint = hint

    def __str__(self) -> str:
        parts = [self.primary]
        if self.detail:
            parts.append(f"detail: {self.detail}")
        if self.hint:
            parts.append(f"hint: {self.hint}")
        return "\n".join(parts)
