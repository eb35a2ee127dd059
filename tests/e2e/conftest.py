"""The project's models, deployed once; each story has a copy of that database."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from oracle import Message, read_json

from penstock.services.postgres import Server
from penstock.testing import load_rows, run_models
from penstock.testing.services import TEMPLATE, Database, fresh_database
from penstock.testing.streams import Topic

PROJECT = Path(__file__).parents[2]
DEPLOYED = "e2e_deployed"


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., None]:
    """Run dbt in this process: `dbt(url, "run", *arguments)`."""
    place = tmp_path_factory.mktemp("dbt")

    def invoke(url: str, command: str, *arguments: str) -> None:
        paths = "--target-path", str(place / "target"), "--log-path", str(place / "logs")
        run_models(url, *paths, *arguments, project_dir=PROJECT, command=command)

    return invoke


@pytest.fixture(scope="session")
def deployed(postgres_server: Server, dbt: Callable[..., None]) -> Iterator[str]:
    """Name a database with all models in it and no message."""
    with fresh_database(postgres_server, DEPLOYED, template=TEMPLATE) as database:
        dbt(database.url, "run")
        yield database.name


@pytest.fixture
def warehouse(
    postgres_server: Server, deployed: str, _database_numbers: Iterator[int]
) -> Iterator[Database]:
    """Give the story a database of its own, with all models in it."""
    name = f"e2e_{next(_database_numbers)}"
    with fresh_database(postgres_server, name, template=deployed) as database:
        yield database


def land(connection: psycopg.Connection, messages: list[Message], *, rows: int = 1_000) -> None:
    """Land messages without a connector, so many a statement; those that can be read."""
    readable = [message for message in messages if isinstance(read_json(message.value), dict)]
    for start in range(0, len(readable), rows):
        batch = readable[start : start + rows]
        load_rows(connection, "landed_events", [_row(message) for message in batch])


def _row(message: Message) -> dict[str, object]:
    assert message.value is not None
    return {
        "kafka_partition": message.partition,
        "kafka_offset": message.offset,
        "kafka_timestamp": datetime.fromtimestamp(message.timestamp_ms / 1_000, UTC),
        "payload": message.value.decode(),
    }


def subscribe(connection: psycopg.Connection, topic: Topic) -> None:
    """Have the models' source read a topic of the story's own."""
    connection.execute(
        "update penstock.subscriptions set topic = %s where landing_table = 'landed_events'",
        (topic.name,),
    )
