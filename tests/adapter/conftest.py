"""dbt's own fixtures, on a database of the adapter tests' own."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from dbt.tests.fixtures.project import *  # noqa: F403 - a plugin's fixtures, not names
from shop import MESSAGES, PROJECT, land, shop_messages

from penstock.services.postgres import Server
from penstock.testing import run_models
from penstock.testing.services import TEMPLATE, Database, fresh_database

# Eight minutes of dbt's own suite, for `make soak`.
collect_ignore = (
    [] if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else ["test_conformance_wide.py"]
)
GRANTEES = ("dbt_test_user_1", "dbt_test_user_2", "dbt_test_user_3")


@pytest.fixture(scope="session")
def adapter_database(postgres_server: Server) -> Iterator[Database]:
    """One database for all classes; each has a schema of its own."""
    with psycopg.connect(postgres_server.url, autocommit=True) as superuser:
        for number, role in enumerate(GRANTEES, start=1):
            superuser.execute(f"create role {role}")
            os.environ[f"DBT_TEST_USER_{number}"] = role
    with fresh_database(postgres_server, "dbt", template=TEMPLATE) as fresh:
        yield fresh


@pytest.fixture(scope="class")
def dbt_profile_target(adapter_database: Database) -> dict[str, Any]:
    """Name the place by its URL, with nothing else to know it by."""
    return {"type": "penstock", "threads": 2, "url": adapter_database.url}


@pytest.fixture(scope="class")
def sql(adapter_database: Database) -> Iterator[psycopg.Connection]:
    """A connection beside dbt's own, in autocommit."""
    with adapter_database.connect() as connection:
        yield connection


@pytest.fixture(scope="class")
def profile_user(adapter_database: Database) -> str:
    """Return the role that dbt runs as."""
    return str(adapter_database.connection.info.user)


@pytest.fixture(scope="session")
def shop(
    postgres_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[psycopg.Connection]:
    """The project's models over a day at the demo's shop; to be read, not written."""
    place = tmp_path_factory.mktemp("shop")
    paths = "--target-path", str(place / "target"), "--log-path", str(place / "logs")
    with fresh_database(postgres_server, "shop", template=TEMPLATE) as fresh:
        run_models(fresh.url, *paths, project_dir=PROJECT)
        land(fresh.connection, shop_messages(MESSAGES))
        fresh.connection.execute("set default_transaction_read_only = on")
        yield fresh.connection
