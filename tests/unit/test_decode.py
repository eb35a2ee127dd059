"""What decode makes of single messages; that it agrees with a server is test_decode_agrees.py."""

import pytest

from penstock.sources.decode import READ_AT_MOST, DeadLetter, Message, Row, decode, headers_json


def message(value: bytes | None, **fields: object) -> Message:
    return Message("events", 0, 7, 1_700_000_000_000, None, value, None)._replace(**fields)


def test_the_payload_is_the_text_as_it_came() -> None:
    value = (
        b' {"price": 1.10, "big": 1e400, "id": 123456789012345678901234567890, "a": 1, "a": 2}\n'
    )

    got = decode(message(value))

    assert got == Row(message(value), value, None)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "no value (a tombstone)"),
        (b"", "an empty value"),
        (b" \n", "an empty value"),
        (b"[1]", "not a JSON object but an array"),
        (b'"text"', "not a JSON object but a string"),
        (b" 12", "not a JSON object but a number"),
        (b"null", "not a JSON object but null"),
        (b"true", "not a JSON object but a boolean"),
        (b"1e400", "not a JSON object but a number"),
        (b'{"a":', "not JSON: "),
        (b"{} {}", "not JSON: "),
        (b'{"a": NaN}', "not JSON: "),
        (b'{"a": -Infinity}', "not JSON: "),
        (b'{"a": 01}', "not JSON: "),
        (b'{"a": 01e999}', "not JSON: "),
        (b'{"a": 1e999.5}', "not JSON: "),
        (b'{"a": --1e999}', "not JSON: "),
        (b'{"a": "\n"}', "not JSON: "),
        (b'{"a": "\\ud800"}', "not JSON: "),
        (b"\xef\xbb\xbf{}", "not JSON: "),
        (b'{"a": "\xff"}', "invalid UTF-8 at byte 7"),
        (b'{"a": "\xed\xa0\x80"}', "invalid UTF-8 at byte 7"),
        (b'{"a": "\xc0\xaf"}', "invalid UTF-8 at byte 7"),
        (b'{"a": "x\x00"}', "not JSON: "),
        (b'{"a": "\\u0000"}', "the escape \\u0000"),
        (b'{"\\u0000": 1}', "the escape \\u0000"),
        (b'{"a": "\\\\\\u0000"}', "the escape \\u0000"),
        (b'{"a": 1e131072}', "a number beyond PostgreSQL's numeric: 1e131072"),
        (b'{"a": 1E-16384}', "a number beyond PostgreSQL's numeric: 1E-16384"),
        (b'{"a": 0e-16384}', "a number beyond PostgreSQL's numeric: 0e-16384"),
        (b'{"a": 0e1073741823}', "a number beyond PostgreSQL's numeric: 0e1073741823"),
        (b'{"a": 0e99999999999}', "a number beyond PostgreSQL's numeric: 0e99999999999"),
        (b'{"a": 1e400, "b": "\\u0000"}', "the escape \\u0000"),
        (b'{"a": 0.' + b"0" * 16_383 + b"1}", "a number beyond PostgreSQL's numeric: 0.0"),
        (b'{"a": ' + b"9" * 131_073 + b"}", "a number beyond PostgreSQL's numeric: 999"),
        (b'{"a": 0.' + b"1" * 6_400 + b"e-9990}", "a number beyond PostgreSQL's numeric: 0.1"),
        (b'{"a":' * 1025 + b"1" + b"}" * 1025, "nested deeper than 1024 levels"),
        (b"[" * READ_AT_MOST + b"]", "not a JSON object but an array"),
        (b'{"a": "' + b"x" * READ_AT_MOST + b'\xff"}', "invalid UTF-8 at byte 1048583"),
    ],
)
def test_a_dead_letter_says_why(value: bytes | None, reason: str) -> None:
    got = decode(message(value))

    assert isinstance(got, DeadLetter)
    assert got.error.startswith(reason)


@pytest.mark.parametrize(
    "value",
    [
        b"{}",
        b'{"a": "\\\\u0000"}',
        b'{"a": "1e999999"}',
        b'{"a": "\\"", "b": 1e400}',
        b'{"a": 1e131071, "b": 1e-16383, "c": 0e999999, "d": 0.0e131073}',
        b'{"a": "3e123456-e-12345", "b": "e-00000"}',
        b'{"a": "\\ud83d\\ude00", "b": "\x7f"}',
        b'{"a":' * 1024 + b"1" + b"}" * 1024,
        b'{"a": ' + b"9" * 131_072 + b"}",
        b'{"a": 0.' + b"1" * 16_383 + b"}",
    ],
)
def test_what_jsonb_takes_lands(value: bytes) -> None:
    assert isinstance(decode(message(value)), Row)


def test_a_large_value_is_left_to_the_server_once_its_encoding_is_right() -> None:
    value = b'{"a": [' + b"{}," * (READ_AT_MOST // 3) + b"oops]}"

    assert isinstance(decode(message(value)), Row)


def test_a_timestamp_that_the_server_has_no_room_for_is_a_dead_letter() -> None:
    got = decode(message(b"{}", timestamp_ms=2**62))

    assert isinstance(got, DeadLetter)
    assert got.error == f"a Kafka timestamp beyond timestamptz: {2**62} ms"


def test_headers_keep_order_repetition_and_bytes_that_are_no_text() -> None:
    headers = [("a", b"1"), ("a", b"\xff"), ("b", None), ("c", b"nul\0"), ("d", "é".encode())]

    want = (
        '[{"key":"a","value":"1"},{"key":"a","base64":"/w=="},{"key":"b","value":null},'
        '{"key":"c","base64":"bnVsAA=="},{"key":"d","value":"é"}]'
    )
    assert headers_json(headers) == want.encode()
    assert headers_json([]) is None
