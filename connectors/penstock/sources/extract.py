"""Fields of a message that its source declares, read beside the payload for speed.

The payload lands whole whatever happens here, and models can read every field from it. What is
read here spares the server that work: all fields of a message or none. A field that is there and
does not read as its type in the plainest way (a number where text is declared, a time with a zone
of its own, an array where an object is) leaves all of them out, for judging it is SQL's.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from struct import Struct
from typing import Any, Self

from penstock.errors import PenstockError

# Column -> its type, as format_type() writes it. 'object' has no column: it is only looked at.
TYPES = {"text": "text", "timestamptz": "timestamp with time zone", "object": None}
MARK = "extracted"
MARK_TYPE = "integer"

_NULL = b"\xff\xff\xff\xff"
_LENGTH = Struct("!i").pack
_MARK = Struct("!ii").pack
_TIMESTAMP = Struct("!iq").pack
# Most texts are short; a look into a list takes half the time of packing.
_LENGTHS = [_LENGTH(length) for length in range(256)]
_POSTGRES_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
# 'JSON.stringify' writes '2026-03-01T10:00:00.000Z': a minute that is known (the first 17
# characters), then digits that are looked up, which is a third of what parsing all of it costs.
_SECONDS = {f"{second:02}": second * 1_000_000 for second in range(60)}
_FRACTIONS = {f".{ms:03}Z": ms * 1_000 for ms in range(1_000)} | {"Z": 0}
_MINUTES_AT_MOST = 10_000

_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:", re.ASCII)

_Keys = tuple[str, ...]


class Extractor:
    """Reads the declared fields of parsed messages, as fields of binary COPY.

    columns: MARK, then one for each field that has a column, in the order of what a call gives.
    version: of the declaration, written to MARK, so that a model knows rows read under another.
    """

    __slots__ = ("_inner", "_mark", "_minutes", "_objects", "_texts", "_times", "columns", "types")

    def __init__(self, fields: Mapping[str, str], version: int) -> None:
        """Take fields as the source declares them: column -> 'path.in.payload[::type]'."""
        texts, times, objects = _sorted_by_type(fields)
        self._mark = _MARK(4, version)
        self._minutes: dict[str, int] = {}
        self._texts = tuple(path[0] for _, path in texts if len(path) == 1)
        self._times = tuple(path[0] for _, path in times)
        self._objects = tuple(path[0] for _, path in objects)
        inner: dict[_Keys, dict[str, str]] = {}
        for name, path in texts:
            if len(path) > 1:
                inner.setdefault(path[:-1], {})[path[-1]] = name
        self._inner = tuple((parents, tuple(names)) for parents, names in inner.items())
        columns = {MARK: MARK_TYPE}
        columns |= {name: TYPES["text"] or "" for name, path in texts if len(path) == 1}
        columns |= {name: TYPES["timestamptz"] or "" for name, _ in times}
        for names in inner.values():
            columns |= {name: TYPES["text"] or "" for name in names.values()}
        self.columns = tuple(columns)
        self.types = columns

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self | None:
        """Give the extractor that a subscription's options ask for; None where they ask for none.

        Raises PenstockError where they cannot be understood.
        """
        fields, version = options.get("extract"), options.get("extract_version")
        if not fields:
            return None
        if not isinstance(fields, Mapping) or not isinstance(version, int):
            raise PenstockError("extract is no mapping of columns to paths, or has no version")
        return cls(fields, version)

    def __eq__(self, other: object) -> bool:
        """Whether the other reads the same fields."""
        return isinstance(other, Extractor) and (self._mark, self.types) == (
            other._mark,
            other.types,
        )

    def __hash__(self) -> int:
        return hash((self._mark, self.columns))

    @property
    def nothing(self) -> bytes:
        """What stands in the columns of a message whose fields were not read."""
        return _NULL * len(self.columns)

    def __call__(self, document: dict[str, Any]) -> bytes | None:
        """Give the fields of a message; None where one of them is not plainly what it should be.

        Absent and null are NULL.
        """
        parts = [self._mark]
        add = parts.append
        get = document.get
        for key in self._objects:
            value = get(key)
            if value is not None and type(value) is not dict:
                return None
        if not _add_texts(get, self._texts, add):
            return None
        if not self._add_times(get, add):
            return None
        for parents, keys in self._inner:
            inner: Any = document
            for parent in parents:
                inner = inner.get(parent)
                if inner is None:
                    break
                if type(inner) is not dict:
                    return None
            if inner is None:
                add(_NULL * len(keys))
            elif not _add_texts(inner.get, keys, add):
                return None
        return b"".join(parts)

    def _add_times(self, get: Callable[[str], Any], add: Callable[[bytes], None]) -> bool:
        for key in self._times:
            value = get(key)
            if value is None:
                add(_NULL)
                continue
            if type(value) is not str:
                return False
            minute = self._minutes.get(value[:17])
            if minute is None:
                minute = self._read_minute(value[:17])
            second = _SECONDS.get(value[17:19])
            fraction = _FRACTIONS.get(value[19:])
            if minute is None or second is None or fraction is None:
                return False
            add(_TIMESTAMP(8, minute + second + fraction))
        return True

    def _read_minute(self, text: str) -> int | None:
        """Give the microseconds of '2026-03-01T10:00:' since 2000; None for any other text."""
        if not _MINUTE.fullmatch(text):
            return None
        try:
            minute = datetime.fromisoformat(text + "00+00:00") - _POSTGRES_EPOCH
        except ValueError:
            return None
        if len(self._minutes) >= _MINUTES_AT_MOST:
            self._minutes.clear()
        found = (minute.days * 86_400 + minute.seconds) * 1_000_000
        self._minutes[text] = found
        return found


def _add_texts(
    get: Callable[[str], Any], keys: tuple[str, ...], add: Callable[[bytes], None]
) -> bool:
    for key in keys:
        value = get(key)
        if value is None:
            add(_NULL)
        elif type(value) is str:
            text = value.encode()
            length = len(text)
            add(_LENGTHS[length] if length < 256 else _LENGTH(length))
            add(text)
        else:
            return False
    return True


def _sorted_by_type(
    fields: Mapping[str, str],
) -> tuple[list[tuple[str, _Keys]], list[tuple[str, _Keys]], list[tuple[str, _Keys]]]:
    """Sort declared fields: texts, times, objects, each as (column, path)."""
    found: dict[str, list[tuple[str, _Keys]]] = {name: [] for name in TYPES}
    for name, declared in fields.items():
        # By hand, or from YAML: `extract: {a: 5}` is no path.
        path, _, kind = declared.partition("::") if isinstance(declared, str) else ("", "", "")
        kind = kind or "text"
        keys = tuple(path.split("."))
        if kind not in TYPES or not all(keys):
            raise PenstockError(
                f"extract: {name} is declared as {declared!r}",
                hint=f"write a path and a type of {', '.join(TYPES)}: 'context.traits.email::text'",
            )
        if len(keys) > 1 and kind != "text":
            raise PenstockError(
                f"extract: {name} is declared as {declared!r}, inside an object",
                hint="inside objects only text is read; read the rest from the payload",
            )
        found[kind].append((name, keys))
    return found["text"], found["timestamptz"], found["object"]
