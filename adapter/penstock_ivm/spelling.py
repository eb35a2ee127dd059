"""Constructs that PostgreSQL prints and sqlglot does not read, spelled so that it does.

ROWS FROM(f(x) AS (a int), g(y))    penstock_rows_from(f(x, penstock_columns('a int')), g(y))
(LATERAL f(t.x) f(y) JOIN …)        (penstock_nothing CROSS JOIN LATERAL f(t.x) f(y) JOIN …)
JOIN (unnest(x) u(y) JOIN …)        JOIN (penstock_nothing CROSS JOIN unnest(x) u(y) JOIN …)
"""

from __future__ import annotations

import re

ROWS_FROM = "penstock_rows_from"
COLUMNS = "penstock_columns"
NOTHING = "penstock_nothing"

# What stands between quotes stays as it is. Nor does a query after AS.
_QUOTED = r"""'(?:[^']|'')*'|"(?:[^"]|"")*\""""
_FOREIGN = re.compile(
    rf"{_QUOTED}|(?P<rows>ROWS FROM\()|(?P<first>\(\s*LATERAL\b)"
    r"|(?:(?<=JOIN )|(?<=FROM ))(?P<unnest>\(+unnest\()"
    r"|\) AS \((?P<columns>(?!\s|VALUES)(?:[^()]|\([^()]*\))*)\)"
)
_OURS = re.compile(
    rf", *{COLUMNS}\('(?P<columns>(?:[^']|'')*)'\)\)|{_QUOTED}"
    rf"|(?P<rows>{ROWS_FROM}\()|{NOTHING} CROSS JOIN (?P<first>LATERAL|UNNEST)",
    re.IGNORECASE,
)


def readable(definition: str) -> str:
    """Spell a definition as pg_get_viewdef() gives it for sqlglot."""

    def spelled(found: re.Match[str]) -> str:
        if found["rows"]:
            return f"{ROWS_FROM}("
        if found["first"]:
            return f"({NOTHING} CROSS JOIN LATERAL"
        if found["unnest"]:
            return found["unnest"].replace("unnest", f"{NOTHING} CROSS JOIN unnest")
        if found["columns"] is not None:
            quoted = found["columns"].replace("'", "''")
            return f", {COLUMNS}('{quoted}'))"
        return found[0]

    return _FOREIGN.sub(spelled, definition)


def restored(sql: str) -> str:
    """Spell SQL that sqlglot wrote for PostgreSQL."""

    def spelled(found: re.Match[str]) -> str:
        if found["rows"]:
            return "ROWS FROM("
        if found["first"]:
            return found["first"]
        if found["columns"] is not None:
            return ") AS (" + found["columns"].replace("''", "'") + ")"
        return found[0]

    return _OURS.sub(spelled, sql)
