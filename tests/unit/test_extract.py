"""Declared fields, read beside the payload: all of them plainly, or none."""

from struct import unpack

import orjson
import pytest

from penstock.errors import PenstockError
from penstock.sources.extract import Extractor

FIELDS = {
    "name": "userName",
    "seen_at": "seenAt::timestamptz",
    "details": "details::object",
    "email": "details.email",
    "phone": "details.contact.phone",
}


def read(document: object, fields: dict[str, str] = FIELDS) -> dict[str, bytes | None] | None:
    """The columns of a document, as the server would receive them."""
    extract = Extractor(fields, version=7)
    got = extract(orjson.loads(orjson.dumps(document)))
    if got is None:
        return None
    found: dict[str, bytes | None] = {}
    for column in extract.columns:
        (length,) = unpack("!i", got[:4])
        got = got[4:]
        found[column] = None if length < 0 else got[:length]
        got = got[max(length, 0) :]
    assert got == b""
    return found


def test_fields_that_are_plainly_what_they_should_be_are_read() -> None:
    got = read(
        {
            "userName": "Zoë",
            "seenAt": "2000-01-01T00:01:02.003Z",
            "details": {"email": "a@b.c", "contact": {"phone": "+43"}},
        }
    )
    assert got == {
        "extracted": b"\0\0\0\7",
        "name": "Zoë".encode(),
        "seen_at": (62_003_000).to_bytes(8),
        "email": b"a@b.c",
        "phone": b"+43",
    }


@pytest.mark.parametrize(
    "document", [{}, {name: None for name in ("userName", "seenAt", "details")}]
)
def test_absent_and_null_are_null(document: dict[str, object]) -> None:
    got = read(document)
    assert got is not None
    assert {name for name, value in got.items() if value is not None} == {"extracted"}


@pytest.mark.parametrize(
    "odd",
    [
        {"userName": 7},
        {"userName": True},
        {"userName": ["Ada"]},
        {"details": "none"},
        {"details": [1]},
        {"details": {"email": 1}},
        {"details": {"contact": "+43"}},
        {"details": {"contact": {"phone": 43}}},
        {"seenAt": 1_772_352_000},
        {"seenAt": {}},
    ],
    ids=str,
)
def test_one_odd_field_leaves_all_of_them_to_sql(odd: dict[str, object]) -> None:
    assert read({"userName": "Ada", "seenAt": "2026-03-01T10:00:00Z"} | odd) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026-03-01T10:00Z",
        "2026-03-01T10:00:00",
        "2026-03-01 10:00:00Z",
        "2026-03-01T10:00:00+01:00",
        "2026-03-01T10:00:00.1Z",
        "2026-03-01T10:00:00.000000Z",
        "2026-03-01T10:00:60Z",
        "2026-03-01T24:00:00Z",
        "2026-02-29T10:00:00Z",
        "2026-W01-1T10:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-03-01T10:00:00Z ",
        "\u0662\u0660\u0662\u0666-03-01T10:00:00Z",
        "2026-03-01T10:00:\u0660\u0660Z",
        "now",
        "",
    ],
)
def test_a_time_that_needs_judging_is_left_to_sql(text: str) -> None:
    assert read({"seenAt": text}) is None


def test_minutes_that_are_known_are_read_again() -> None:
    extract = Extractor({"at": "at::timestamptz"}, version=1)
    first = extract({"at": "2026-03-01T10:00:00.000Z"})
    assert first is not None
    assert extract({"at": "2026-03-01T10:00:00Z"}) == first
    assert extract({"at": "2026-03-01T10:00:59.999Z"}) != first


@pytest.mark.parametrize(
    "declared", ["", "a..b", "a::number", "a.b::timestamptz", "a.b::object", "::text", 5, None]
)
def test_a_declaration_that_cannot_be_read_says_what_can(declared: object) -> None:
    with pytest.raises(PenstockError) as failure:
        Extractor({"field": declared}, version=1)  # type: ignore[dict-item]
    assert repr(declared) in failure.value.primary
    assert failure.value.hint


def test_options_without_fields_extract_nothing() -> None:
    assert Extractor.of({"include": ["key"]}) is None
    assert Extractor.of({"extract": {}}) is None


@pytest.mark.parametrize("version", [None, "1"])
def test_options_without_a_version_are_refused(version: object) -> None:
    with pytest.raises(PenstockError):
        Extractor.of({"extract": {"a": "a"}, "extract_version": version})
