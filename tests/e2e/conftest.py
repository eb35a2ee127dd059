"""The project's models, deployed once; each story has a copy of that database."""

from collections.abc import Callable, Iterator

import pytest
from landing import PROJECT

from penstock.services.postgres import Server
from penstock.testing import run_models
from penstock.testing.services import TEMPLATE, Database, fresh_database

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
