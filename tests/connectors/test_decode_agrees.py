"""decode stands in for the server's jsonb: both must judge every document alike."""

import json
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from penstock.sources.decode import Message, Row, decode
from penstock.sources.landing import COLUMN_TYPES, Landing
from penstock.testing.services import Database

TABLE = """
create table landed (kafka_partition int, kafka_offset bigint, kafka_timestamp timestamptz,
    kafka_key bytea, kafka_headers jsonb, payload jsonb)
"""

# Pieces that JSON is made of, and near misses; joined at random they reach odd corners.
PIECES = [
    *("{", "}", "[", "]", ",", ":", '"', "\\", " ", "\n", "\t", "\f", "\x00", "\ufeff", "\x7f"),
    *("true", "false", "null", "NaN", "Infinity", "-", "+", ".", "e", "E", "0", "1", "9", "00"),
    *("\\u0000", "\\\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\u00e9", "\\x", "\\/"),
    *("1e400", "1e-400", "1e131071", "1e131072", "1e-16383", "1e-16384", "1E+999999", "-0", "1."),
    *("0e-16384", "0e1073741822", "0e1073741823", "0.0e99999999999", "12345678901234567890.10"),
    *('{"a":', '"k":1', '{"a":1,"a":2}', '"é"', '"e-12345"'),
]
NUMBERS = st.builds(
    lambda sign, integer, fraction, mark, exponent: (
        sign + integer + (f".{fraction}" if fraction else "") + (mark + exponent if mark else "")
    ),
    st.sampled_from(["", "-"]),
    st.one_of(
        st.integers(0, 10**25).map(str),
        st.sampled_from([1, 400, 131_072]).map("9".__mul__),
        st.sampled_from(["0", "00"]),
    ),
    st.one_of(
        st.just(""),
        st.from_regex("[0-9]{1,30}", fullmatch=True),
        st.just(16_383).map("1".__mul__),
    ),
    st.sampled_from(["", "e", "E", "e+", "e-"]),
    st.one_of(
        st.integers(0, 400).map(str),
        st.sampled_from(["16383", "16384", "131071", "131072", "2147483648", "00016383", ""]),
    ),
)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=12).map(
    lambda text: json.dumps(text, ensure_ascii=True)
)
VALUES = st.recursive(
    st.one_of(st.sampled_from(["true", "null", "NaN"]), NUMBERS, TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: "[" + ", ".join(items) + "]"),
        st.lists(st.tuples(TEXTS, inner), max_size=4).map(
            lambda items: "{" + ",".join(f"{key}:{value}" for key, value in items) + "}"
        ),
    ),
    max_leaves=12,
)
OBJECTS = VALUES.map(lambda value: '{"v": ' + value + "}")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """An object with a byte changed, cut out, or put in."""
    document = bytearray(draw(OBJECTS).encode())
    at = draw(st.integers(0, len(document) - 1))
    document[at : at + draw(st.integers(0, 1))] = draw(st.binary(max_size=2))
    return bytes(document)


DOCUMENTS = st.one_of(
    OBJECTS.map(str.encode),
    mutated(),
    st.lists(st.sampled_from(PIECES), max_size=12).map(lambda p: "".join(p).encode()),
    st.lists(st.sampled_from(PIECES), max_size=6).map(lambda p: f'{{"a":{"".join(p)}}}'.encode()),
    st.binary(max_size=20),
)


@pytest.fixture(scope="module")
def landed(postgres_server: object) -> Iterator[psycopg.Connection]:
    url = postgres_server.url  # type: ignore[attr-defined]
    with psycopg.connect(url) as connection:
        connection.execute(TABLE.replace("create table", "create temporary table"))
        yield connection
        connection.rollback()


def server_takes(connection: psycopg.Connection, row: Row) -> bool:
    """Send it the way commit.py does, and undo it."""
    landing = Landing("events", "pg_temp", "landed", tuple(COLUMN_TYPES))
    try:
        with connection.transaction(force_rollback=True):
            with connection.cursor().copy(landing.copy_statement) as copy:
                copy.write(b"".join(landing.copy_bytes([row])))
            kind = connection.execute("select jsonb_typeof(payload) from landed").fetchone()
    except (psycopg.errors.DataError, psycopg.errors.ProgramLimitExceeded):
        return False
    return kind == ("object",)


@given(DOCUMENTS)
@example(b'{"a": 1e400}')
@example(b'{"a": "\\\\\\u0000"}')
@example(b'{"a": "\\ud83d\\ud83d\\ude00"}')
@example(b'{"a": 0e-16384, "b": 1e-9999}')
@example(b'{"' + b"k" * 100_000 + b'": "' + b"v" * 100_000 + b'"}')
@settings(
    max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_decode_and_the_server_agree(landed: psycopg.Connection, document: bytes) -> None:
    message = Message("events", 0, 1, 1_700_000_000_000, None, document, None)

    got = isinstance(decode(message), Row)

    assert got == server_takes(landed, Row(message, document, None))


def test_decode_is_stricter_only_where_it_says_so(database: Database) -> None:
    deep = b'{"a":' * 2_000 + b"1" + b"}" * 2_000
    message = Message("events", 0, 1, 0, None, deep, None)

    database.connection.execute(TABLE.replace("create table", "create temporary table"))

    assert not isinstance(decode(message), Row)
    assert server_takes(database.connection, Row(message, deep, None))


def test_numbers_reach_the_server_unharmed(database: Database) -> None:
    document = (
        b'{"a": 1.10, "b": 1e400, "c": 123456789012345678901234567890.123, "d": -0.0, "a": 2.50}'
    )
    row = decode(Message("events", 3, 2**62, 1_700_000_000_123, b"\x00k", document, [("h", b"v")]))
    assert isinstance(row, Row)
    connection = database.connection
    connection.execute(TABLE)
    landing = Landing("events", "public", "landed", tuple(COLUMN_TYPES))

    with connection.cursor().copy(landing.copy_statement) as copy:
        copy.write(b"".join(landing.copy_bytes([row])))

    got = connection.execute(
        "select kafka_partition, kafka_offset, extract(epoch from kafka_timestamp)::text,"
        " kafka_key, kafka_headers::text, payload = %s::jsonb, payload->>'a',"
        " length(payload->>'b'), payload->>'c' from landed",
        (document.decode(),),
    ).fetchone()
    want_headers = '[{"key": "h", "value": "v"}]'
    assert got is not None
    assert got[:6] == (3, 2**62, "1700000000.123000", b"\x00k", want_headers, True)
    assert got[6:] == ("2.50", 401, "123456789012345678901234567890.123")
