"""Names that fit PostgreSQL's 63 bytes."""

from __future__ import annotations

import hashlib

_LIMIT = 63
_HASH = 8


def fit(name: str, limit: int = _LIMIT) -> str:
    """Return the name, or its start and a hash of the whole when it passes the limit in bytes.

    PostgreSQL cuts long names in silence, and two of them would become one.
    """
    raw = name.encode()
    if len(raw) <= limit:
        return name
    digest = hashlib.sha256(raw).hexdigest()[:_HASH]
    return raw[: limit - _HASH - 1].decode(errors="ignore") + "_" + digest


def free(name: str, taken: set[str]) -> str:
    """Return the first of name, name__2, name__3 … that is not taken, and take it."""
    candidate, number = fit(name), 1
    while candidate in taken:
        number += 1
        suffix = f"__{number}"
        candidate = fit(name.encode()[: _LIMIT - len(suffix)].decode(errors="ignore") + suffix)
    taken.add(candidate)
    return candidate
