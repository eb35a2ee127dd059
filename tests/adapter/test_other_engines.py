"""The same messages on another engine give what they give on PostgreSQL.

No Kafka of the engine's own is needed: its landing table is made here as its source would make
it, and the source model is left out. PostgreSQL stands in for an engine in the first test, so
that what this file does is itself run where no other engine is.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from shop import MESSAGES, PROJECT, TOPIC, shop_messages

from penstock.sources.decode import Message, Row, decode
from penstock.testing.services import Database

ROWS_A_STATEMENT = 200
SHOWN = 3
Relation = Counter[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Engine:
    """Where the models run besides: its dbt target, and how messages get into it.

    variables: how the profile's environment variables begin. columns: of its landing table, as
    its source makes them. row: a message's; None for what it would not land. makes_landing:
    whether the source model can run without a broker.
    """

    target: str
    variables: str
    columns: dict[str, str]
    row: Callable[[Message], tuple[Any, ...] | None]
    after_landing: str | None = None
    makes_landing: bool = False


def _object(message: Message) -> tuple[Any, ...] | None:
    """Give a row of a table that takes JSON objects and nothing else."""
    read = decode(message)
    if not isinstance(read, Row):
        return None
    return message.partition, message.offset, _moment(message), read.payload.decode()


def _bytes(message: Message) -> tuple[Any, ...]:
    """Give a row of a table that takes everything: https://docs.risingwave.com/ingestion."""
    return str(message.partition), str(message.offset), _moment(message), message.value


def _moment(message: Message) -> str:
    return datetime.fromtimestamp(message.timestamp_ms / 1000, UTC).isoformat()


STAND_IN = Engine(
    "postgres",
    "PG",
    {
        "kafka_partition": "int",
        "kafka_offset": "bigint",
        "kafka_timestamp": "timestamptz",
        "payload": "jsonb",
    },
    _object,
    makes_landing=True,
)
ENGINES = {
    "PENSTOCK_RISINGWAVE_URL": Engine(
        "risingwave",
        "PENSTOCK_RISINGWAVE_",
        {
            "kafka_partition": "varchar",
            "kafka_offset": "varchar",
            "kafka_timestamp": "timestamptz",
            "data": "bytea",
        },
        _bytes,
        after_landing="flush",
    ),
    "PENSTOCK_MATERIALIZE_URL": Engine(
        "materialize",
        "PENSTOCK_MATERIALIZE_",
        {
            "kafka_partition": "int",
            "kafka_offset": "bigint",
            "kafka_timestamp": "timestamp",
            "data": "jsonb",
        },
        _object,
    ),
}


# --- running ---------------------------------------------------------------------------------


@contextmanager
def models_on(engine: Engine, url: str, place: Path) -> Iterator[tuple[psycopg.Connection, str]]:
    """Run the models in a schema of their own; give a connection and the schema's name."""
    schema = f"penstock_{uuid4().hex[:8]}"
    connection = psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor)
    with connection:
        connection.execute(f"create schema {schema}".encode())
        try:
            if not engine.makes_landing:
                columns = ", ".join(f"{name} {kind}" for name, kind in engine.columns.items())
                landing = f"create table {schema}.landed_events ({columns})"
                connection.execute(landing.encode())
            _dbt_run(engine, url, schema, place)
            yield connection, schema
        finally:
            # A schema that stays behind is no reason to hide why the test failed.
            with suppress(psycopg.Error):
                connection.execute(f"drop schema {schema} cascade".encode())


def _dbt_run(engine: Engine, url: str, schema: str, place: Path) -> None:
    command = [sys.executable, "-m", "dbt.cli.main", "run", "--quiet", "--target", engine.target]
    command += [] if engine.makes_landing else ["--exclude", "landed_events"]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    command += ["--target-path", str(place / "target"), "--log-path", str(place / "logs")]
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    names["dbname"] = "DATABASE"
    parts = conninfo_to_dict(url)
    named = {
        engine.variables + name: str(parts[part]) for part, name in names.items() if part in parts
    }
    environment = os.environ | named | {"PENSTOCK_SCHEMA": schema}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def land_on(
    engine: Engine, connection: psycopg.Connection, schema: str, given: list[Message]
) -> None:
    """Insert messages into an engine's landing table, and wait until its views have them."""
    table = sql.Identifier(schema, "landed_events")
    names = sql.SQL(", ").join(map(sql.Identifier, engine.columns))
    insert = sql.SQL("insert into {} ({}) values ").format(table, names)
    rows = [row for message in given if (row := engine.row(message)) is not None]
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        part = rows[start : start + ROWS_A_STATEMENT]
        values = sql.SQL(", ").join(
            sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, row))) for row in part
        )
        connection.execute(insert + values)
    if engine.after_landing:
        connection.execute(engine.after_landing.encode())


# --- comparing -------------------------------------------------------------------------------

EVENTS = """
    message_id, type, event, user_id, anonymous_id, previous_id, email, phone,
    extract(epoch from occurred_at), extract(epoch from received_at), source,
    properties::text, traits::text, context::text, kafka_partition, kafka_offset
"""
QUERIES = {
    "events": f"select {EVENTS} from {{}}.events",
    "events_quarantined": f"""
        select {EVENTS}, array_to_string(violations, ',') from {{}}.events_quarantined
    """,
    "identifiers": """
        select identifier_type, identifier_value,
            extract(epoch from first_seen_at), extract(epoch from last_seen_at), profile_id
        from {}.identifiers
    """,
    "profiles": """
        select user_id, email, phone,
            extract(epoch from first_seen_at), extract(epoch from last_seen_at),
            event_count, order_count, revenue, devices, profile_id
        from {}.profiles
    """,
}


def read_relations(connection: psycopg.Connection, schema: str) -> dict[str, Relation]:
    """Read the public relations as bags of rows that say the same on every engine.

    A profile's name is replaced by its identifiers: engines may choose it otherwise.
    """
    read = {
        name: [tuple(map(_plain, row)) for row in connection.execute(query.format(schema).encode())]
        for name, query in QUERIES.items()
    }
    people: dict[str, list[tuple[Any, ...]]] = {}
    for *identifier, profile_id in read["identifiers"]:
        people.setdefault(profile_id, []).append(tuple(identifier))
    named = {profile_id: tuple(sorted(listed)) for profile_id, listed in people.items()}
    for name in ("identifiers", "profiles"):
        read[name] = [(*row[:-1], named[row[-1]]) for row in read[name]]
    return {name: Counter(rows) for name, rows in read.items()}


def _plain(value: Any) -> Any:
    """Write numbers and JSON in one way: 12.5 for 12.50, keys in order."""
    if isinstance(value, str) and value.startswith("{"):
        # What looks like JSON and is not stays as it is: a name may begin with a brace.
        with suppress(ValueError):
            read = json.loads(value, parse_float=_number, parse_int=_number)
            return json.dumps(read, sort_keys=True, default=str)
    if isinstance(value, float | Decimal | int) and not isinstance(value, bool):
        return str(_number(str(value)))
    return value


def _number(text: str) -> Decimal:
    return Decimal(format(round(Decimal(text), 6).normalize(), "f"))


def differences(got: dict[str, Relation], want: dict[str, Relation]) -> list[str]:
    """Tell how relations differ, a few rows of each."""
    told = []
    for name in QUERIES:
        for side, rows in (("missing", want[name] - got[name]), ("extra", got[name] - want[name])):
            if rows:
                told.append(f"{name}: {rows.total()} {side}")
                told += [f"  {row}" for row in list(rows)[:SHOWN]]
    return told


# --- tests -----------------------------------------------------------------------------------


def test_the_comparison_itself_holds_and_can_fail(
    shop: psycopg.Connection, database: Database, tmp_path: Path
) -> None:
    with models_on(STAND_IN, database.url, tmp_path) as (connection, schema):
        land_on(STAND_IN, connection, schema, shop_messages(MESSAGES))
        want = read_relations(shop, "public")
        assert all(want.values())
        assert differences(read_relations(connection, schema), want) == []

        payload = b'{"messageId": "one-more", "type": "page", "userId": "nobody else"}'
        one_more = Message(TOPIC, 0, 1_000_000, 1_700_000_000_000, None, payload, None)
        land_on(STAND_IN, connection, schema, [one_more])
        told = differences(read_relations(connection, schema), want)
        assert [line for line in told if not line.startswith(" ")] == [
            "events: 1 extra",
            "identifiers: 1 extra",
            "profiles: 1 extra",
        ]


@pytest.mark.parametrize("url_variable", ENGINES)
@pytest.mark.timeout(1200)
def test_an_engine_gives_what_postgres_gives(
    url_variable: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    engine = ENGINES[url_variable]
    url = os.environ.get(url_variable)
    if not url:
        pytest.skip(f"{url_variable} is not set: no {engine.target} to compare with")
    shop = request.getfixturevalue("shop")
    with models_on(engine, url, tmp_path) as (connection, schema):
        land_on(engine, connection, schema, shop_messages(MESSAGES))
        told = differences(read_relations(connection, schema), read_relations(shop, "public"))
        assert told == [], "\n".join(told)
