"""Messages that are meant to break the way: each is judged, and none stops it."""

import json
from collections.abc import Iterator
from typing import Any

# Enough to pass a broker's default limit of 1 MB, and the connector's own reading.
LARGE = 10_000_000

# Nothing can be read from these, as JSON and `jsonb` have it.
UNREADABLE: tuple[bytes | None, ...] = (
    None,
    b"",
    b" \n",
    b"{",
    b"null",
    b"[]",
    b"0",
    b'"text"',
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b'{"messageId": "\xc3\x28"}',
    b'{"messageId": "\xed\xa0\x80"}',
    b'{"messageId": "a\\u0000b"}',
    b'{"a\\u0000b": 1}',
    b'{"a": "\\u0000", "a": "mended by the second"}',
    b'{"messageId": "\\ud800"}',
    b'{"messageId": "\\udc00\\ud800"}',
    b'{"messageId": "raw \x01"}',
    b'{"a": NaN}',
    b'{"a": -Infinity}',
    b'{"a": 01}',
    b'{"a": 1,}',
    b"{'a': 1}",
    b'{"a": 1} {"b": 2}',
    b'{"a": 1e131072}',
    b'{"a": 1e-16384}',
    b'{"a": 1e99999999999}',
    b'{"a": ' + b"9" * 131_073 + b"}",
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"a": [' + b"{}," * 400_000 + b"oops]}",
    b"[" + b"{}," * 400_000 + b"{}]",
)

ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    "",
    " ",
    "text",
    "2026-03-01T10:00:00Z",
    "drop table events; --",
    "Zoë \U0001f600 \u2028 \\ \" ' %",
    [],
    [1],
    {},
    {"email": "in@object.example", "revenue": 1},
    "x" * 2_000,
)
FIELDS = (
    *("messageId", "type", "event", "userId", "anonymousId", "previousId", "groupId"),
    *("timestamp", "sentAt", "receivedAt", "context", "traits", "properties"),
    *("properties.revenue", "properties.total", "properties.quantity"),
    *("traits.email", "traits.phone", "context.traits", "context.traits.email", "context.source"),
)
TIMES = (
    "2026-03-01",
    "2026-03-01T10:00Z",
    "2026-03-01 10:00:00",
    "2026-03-01t10:00:00.123456z",
    "2026-03-01T10:00:00.1234567Z",
    "2026-03-01T10:00:00.999999999+01:00",
    "2026-03-01T23:30:00-0530",
    "2026-03-01T00:30:00+14",
    "2024-02-29T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:60Z",
    "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-01-00",
    "2026-03-01T24:30:00Z",
    "2026-03-01T10:60:00Z",
    "2026-03-01T10:00:61Z",
    "0000-01-01T00:00:00Z",
    "2026-03-01T10:00:00Z trailing",
    " 2026-03-01T10:00:00Z",
    "2026-03-01T10:00:00Z\n",
    "20260301T100000Z",
    "+12026-03-01T10:00:00Z",
    "\u0662\u0660\u0662\u0666-03-01T10:00:00Z",
    "now",
    "infinity",
    "epoch",
    "yesterday",
    "1772352000",
)
# Numbers as they are written, for Python would write them anew.
NUMBERS = (
    *(
        "0",
        "-0",
        "-0.0",
        "0e5",
        "1e2",
        "1.50",
        "1E-3",
        "-1e-3",
        "1e400",
        "12345678901234567890.123",
    ),
    *("0.1", "0.20", "1e-300", "9" * 40),
)


def hostile() -> list[bytes | None]:
    """Give all of them; the same each time."""
    return [*UNREADABLE, *_odd_fields(), *_times(), *_numbers(), *_shapes()]


def event(number: object, **fields: Any) -> dict[str, Any]:
    """Make a good event, with other fields in place of its own."""
    return {
        "messageId": f"hostile-{number}",
        "type": "track",
        "event": "Order Completed",
        "userId": "u-hostile",
        "timestamp": "2026-03-01T09:59:59Z",
        "receivedAt": "2026-03-01T10:00:00Z",
        "properties": {"revenue": 1.25},
        **fields,
    }


def _odd_fields() -> Iterator[bytes]:
    """Every field with a value of every type."""
    for field in FIELDS:
        for number, value in enumerate(ODD_VALUES):
            *outer, last = field.split(".")
            odd = event(f"{field}-{number}")
            place = odd
            for name in outer:
                place = place.setdefault(name, {})
            place[last] = value
            yield _json(odd)


def _times() -> Iterator[bytes]:
    for number, text in enumerate(TIMES):
        yield _json(event(f"timestamp-is-{number}", timestamp=text))
        yield _json(event(f"received-is-{number}", receivedAt=text))
        yield _json(event(f"both-are-{number}", timestamp=text, receivedAt=text))
    for number, (made, received) in enumerate(
        [
            ("10:05:00Z", "10:00:00Z"),
            ("10:05:00.000001Z", "10:00:00Z"),
            ("10:05:00.0000004Z", "10:00:00Z"),
            ("12:05:00+02:00", "10:00:00Z"),
        ]
    ):
        times = {"timestamp": f"2026-03-01T{made}", "receivedAt": f"2026-03-01T{received}"}
        yield _json(event(f"near-{number}", **times))
    without = event("no-received-at")
    del without["receivedAt"]
    yield _json(without)
    del without["timestamp"]
    yield _json(without | {"messageId": "hostile-no-time-at-all"})


def _numbers() -> Iterator[bytes]:
    """A number in every place where a number or a text may stand."""
    for number, written in enumerate(NUMBERS):
        for field in ("revenue", "total", "quantity"):
            odd = event(f"{field}-is-{number}", properties={field: "@"})
            yield _json(odd).replace(b'"@"', written.encode())
        for field in ("messageId", "event", "userId", "timestamp"):
            yield _json(event(f"{field}-is-{number}") | {field: "@"}).replace(
                b'"@"', written.encode()
            )


def _shapes() -> Iterator[bytes]:
    """Whole messages of an odd form, readable all the same."""
    yield b"{}"
    yield b' \n{"messageId" : "spaces" }\t'
    yield b'{"messageId": "first", "messageId": "last", "type": "page", "userId": "u-twice"}'
    yield b'{"messageId": "inner", "type": "page", "userId": "u", "traits": {"email": 1, "email": 2}}'  # noqa: E501
    yield b'{"messageId": "hidden", "type": "track", "type": "page", "userId": {}, "userId": "u-2"}'
    yield _json(event("unknown", unknown={"field": [1, 2, {"three": 3}]}, **{"": "no name"}))
    yield _json(event("many-fields") | {f"field_{number}": number for number in range(2_000)})
    deep: Any = 1
    for _ in range(100):
        deep = {"a": [deep]}
    yield _json(event("deep", properties={"deep": deep, "revenue": 2}))
    yield _json(event("large", properties={"text": "x" * LARGE, "revenue": 4}))
    yield _json(event("emails", traits={"email": " \t Ada@EXAMPLE.Com\n"}))
    yield _json(event("empty-email", type="identify", traits={"email": "  ", "phone": "call me"}))
    yield _json(event("letters", traits={"email": "BJÖRN.ÉÜ@Example.com", "phone": 436601234}))
    yield _json(
        event(
            "both-traits",
            traits={"email": "own@example.com", "phone": None},
            context={"traits": {"email": "other@example.com", "phone": "+43 (660) 99"}},
        )
    )
    # A quarantined delivery does not keep its messageId from a good one.
    yield _json(event("again", userId="", anonymousId=None))
    yield _json(event("again"))
    yield _json(event("again", receivedAt="2026-03-01T09:59:59.5Z"))
    # Ties in time: the larger message_id says who it is.
    for name in ("tie-1", "tie-2", "tie-10"):
        yield _json(event(name, anonymousId="a-tie", userId=f"u-{name}"))
    # An alias without a userId links nothing; its previousId is nobody yet.
    yield _json(event("alias-1", type="alias", userId=None, anonymousId="a-9", previousId="u-old"))
    yield _json(event("alias-2", type="alias", userId="u-9", previousId="u-old"))
    yield _json(event("alias-3", type="alias", userId="u-9", previousId="u-9"))
    yield _json(event("not-alias", userId="u-8", previousId="u-9"))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
