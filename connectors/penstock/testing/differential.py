"""Comparing what a query gives with what it should give, as a reader would see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

# Rows are compared by their text, so the text must not depend on who asks.
SETTINGS = {
    "timezone": "UTC",
    "datestyle": "ISO, MDY",
    "intervalstyle": "postgres",
    "extra_float_digits": "3",
    "bytea_output": "hex",
}
_SET = "; ".join(f"set local {name} = '{value}'" for name, value in SETTINGS.items()).encode()


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A row that one side has more often: `count` times `missing` from, or `extra` in, what we got.

    >>> print(Mismatch("missing", "(1,Ada)", 2))
    missing 2 x (1,Ada)
    """

    side: str
    row: str
    count: int

    def __str__(self) -> str:
        return f"{self.side} {self.count} x {self.row}"


@contextmanager
def fixed_settings(connection: psycopg.Connection) -> Iterator[None]:
    """Run the block under SETTINGS, and leave the session and its transaction as they were."""
    with connection.transaction(force_rollback=True):
        connection.execute(_SET)
        yield


def compare(connection: psycopg.Connection, want: str, got: str) -> list[Mismatch]:
    """Return the rows by which two queries differ, as bags of texts; empty when they agree.

    One statement reads both, so they see one snapshot. As text 1.0 differs from 1.00, 0 from
    -0 and citext 'A' from 'a', which EXCEPT ALL over the values would call equal.
    """
    statement = f"""
        with want as materialized (select row(q.*)::text as image from ({_bare(want)}) as q),
        got as materialized (select row(q.*)::text as image from ({_bare(got)}) as q)
        select 'missing', image, count(*)
        from (select image from want except all select image from got) as m group by image
        union all
        select 'extra', image, count(*)
        from (select image from got except all select image from want) as e group by image
        order by 1 desc, 2
    """  # noqa: S608 - both queries are the caller's own
    with fixed_settings(connection):
        rows = connection.execute(statement.encode()).fetchall()
    return [Mismatch(*row) for row in rows]


def _bare(query: str) -> str:
    # A comment at the end would swallow the bracket that follows.
    return f"\n{query.strip().rstrip(';')}\n"
