"""Keys of state tables: one row a key, NULL a value like any other, found by index."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from penstock_ivm.relation import Column
from penstock_ivm.session import ident


def index_terms(keys: Sequence[Column]) -> list[str]:
    """What a unique index is built on.

    `=` finds no NULL and IS NOT DISTINCT FROM uses no index; NULLS NOT DISTINCT came with
    PostgreSQL 15. Arrays compare NULL elements as equal on every version, and do so by the
    element type's own equality wherever its operators live.
    https://www.postgresql.org/docs/current/functions-array.html
    """
    terms = [(ident(key.name), term) for key in keys for term in _terms(key, ident(key.name))]
    return [term if term in (name, f"({name} is null)") else f"({term})" for name, term in terms]


def matches(keys: Sequence[Column], left: str, right: str) -> str:
    """Write the condition that two aliases hold the same key, as the index can use it."""
    pairs = [equal(key, f"{left}.{ident(key.name)}", f"{right}.{ident(key.name)}") for key in keys]
    return " and ".join(pairs) or "true"


def equal(key: Column, left: str, right: str) -> str:
    """Write that two expressions for a key column hold the same value."""
    pairs = zip(_terms(key, left), _terms(key, right), strict=True)
    return " and ".join(f"{a} = {b}" for a, b in pairs)


def within(
    pairs: Sequence[tuple[Column, str, str]],
) -> tuple[str, list[str]]:
    """Write that key columns hold the same values, as a range; and by which terms.

    Not as equality: that would make the terms constants to the planner, which may then leave
    them out of an order, and read a whole table by an index that has the rest of it.
    """
    left = [term for key, one, _ in pairs for term in _terms(key, one)]
    right = [term for key, _, other in pairs for term in _terms(key, other)]
    if not left:
        return "true", []
    a, b = (parts[0] if len(parts) == 1 else f"row({', '.join(parts)})" for parts in (left, right))
    return f"{a} >= {b} and {a} <= {b}", left


def looked_up(key: Column, node: exp.Expr) -> list[exp.Expr]:
    """Expressions to index so that `equal` finds the rows in which `node` has the key's value."""
    if key.not_null and (key.is_builtin or key.type.endswith("[]")):
        return [node]
    if key.type.endswith("[]"):
        empty = exp.Literal.string("{}")
        return [
            exp.Coalesce(this=node.copy(), expressions=[empty]),
            exp.Paren(this=exp.Is(this=node.copy(), expression=exp.Null())),
        ]
    return [exp.Array(expressions=[node.copy()])]


def hashed(texts: Sequence[exp.Expr]) -> exp.Expr:
    """Give one 64-bit hash of several texts, none of them null.

    The same on every version and machine: hash partitioning depends on it.
    https://www.postgresql.org/docs/current/ddl-partitioning.html
    """
    found: exp.Expr = exp.Literal.number(0)
    for text in reversed(texts):
        found = exp.Anonymous(this="hashtextextended", expressions=[text.copy(), found])
    return found


def _terms(key: Column, sql: str) -> list[str]:
    if key.type.endswith("[]"):
        # An array of a NULL array is an empty one: null-ness needs a term of its own.
        return [sql] if key.not_null else [f"coalesce({sql}, '{{}}')", f"({sql} is null)"]
    return [sql] if key.not_null and key.is_builtin else [f"array[{sql}]"]
