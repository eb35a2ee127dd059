"""Keys of state tables: one row a key, NULL a value like any other, found by index."""

from __future__ import annotations

from collections.abc import Sequence

from penstock_ivm.relation import Column
from penstock_ivm.session import ident


def index_terms(keys: Sequence[Column]) -> list[str]:
    """What a unique index is built on.

    `=` finds no NULL and IS NOT DISTINCT FROM uses no index; NULLS NOT DISTINCT came with
    PostgreSQL 15. Arrays compare NULL elements as equal on every version, and do so by the
    element type's own equality wherever its operators live.
    https://www.postgresql.org/docs/current/functions-array.html
    """
    return [term for key in keys for term in _terms(key, "{}")]


def matches(keys: Sequence[Column], left: str, right: str) -> str:
    """Write the condition that two aliases hold the same key, as the index can use it."""
    pairs = [
        f"{a} = {b}"
        for key in keys
        for a, b in zip(
            _terms(key, f"{left}.{{}}", wrap=False),
            _terms(key, f"{right}.{{}}", wrap=False),
            strict=True,
        )
    ]
    return " and ".join(pairs) or "true"


def _terms(key: Column, form: str, *, wrap: bool = True) -> list[str]:
    name = form.format(ident(key.name))
    left, right = ("(", ")") if wrap else ("", "")
    if key.type.endswith("[]"):
        # An array of a NULL array is an empty one: null-ness needs a term of its own.
        if key.not_null:
            return [name]
        return [f"{left}coalesce({name}, '{{}}'){right}", f"{left}({name} is null){right}"]
    if key.not_null and key.is_builtin:
        return [name]
    return [f"{left}array[{name}]{right}"]
