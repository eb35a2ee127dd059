"""What the compiler asks of a database connection, and how text becomes SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from psycopg import Connection


class Session(Protocol):
    """One connection, inside a transaction that the caller began and will end."""

    def execute(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """Run one or more statements without parameters; rows of the last one, if it has any."""
        ...


class PsycopgSession:
    """A Session over a psycopg 3 connection."""

    def __init__(self, connection: Connection[Any]) -> None:
        """Borrow the connection; its transaction stays the caller's."""
        self._connection = connection

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        """See Session.execute."""
        cursor = self._connection.execute(sql)
        while cursor.nextset():
            pass
        return list(cursor.fetchall()) if cursor.description is not None else []


def sqlstate(error: BaseException | None) -> str | None:
    """The SQLSTATE of a driver's error, or of the one that it was made from."""
    while error is not None:
        for name in ("sqlstate", "pgcode"):
            if found := getattr(error, name, None):
                return str(found)
        error = error.__cause__ or error.__context__
    return None


def literal(value: str) -> str:
    """Quote a string as a SQL literal, whatever standard_conforming_strings says."""
    quoted = value.replace("'", "''")
    if "\\" in quoted:
        return " E'" + quoted.replace("\\", "\\\\") + "'"
    return f"'{quoted}'"


def literal_list(names: Iterable[str]) -> str:
    """Write names as a list of SQL literals."""
    return ", ".join(literal(name) for name in names)


def ident(name: str) -> str:
    """Quote a name; always, so that no reserved word can surprise us."""
    return '"' + name.replace('"', '""') + '"'


def qualified(schema: str, name: str) -> str:
    """Quote a schema and a name."""
    return f"{ident(schema)}.{ident(name)}"
