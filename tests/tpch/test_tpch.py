"""TPC-H's 22 queries as maintained views, equal to recompute after each transaction.

The scale is small, for every test run; `make tpch` runs at scale factor 0.1 with figures.
"""

from pathlib import Path

import pytest

from penstock.testing import run_models
from penstock.testing.services import Database
from penstock.testing.suites import Suite, check_views, deploy_models, run_transaction
from penstock.testing.tpch import generate, load, values

SUITE = Suite(Path(__file__).parent)
# The smallest at which dbgen gives keys that are keys.
SCALE = 0.01


def test_all_queries_are_maintained(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    connection = database.connection
    connection.execute(SUITE.schema().encode())
    load(connection, generate(SCALE, tmp_path_factory.mktemp("tpch")))
    models = SUITE.models()
    assert len(models) == 22
    refused = [d for d in deploy_models(connection, models) if d.refusal]
    assert not refused, "\n".join(f"{d.view.name}: {d.refusal}" for d in refused)
    check_views(connection, models, "deploy")
    for transaction in SUITE.transactions(values(SCALE)):
        run_transaction(connection, transaction)
        check_views(connection, models, transaction.title)


def test_dbt_builds_them_all(database: Database, tmp_path: Path) -> None:
    connection = database.connection
    connection.execute(SUITE.schema().encode())
    paths = "--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")
    run_models(database.url, *paths, project_dir=SUITE.folder)
    for transaction in SUITE.transactions(values(SCALE)):
        if transaction.title.startswith("a region"):
            run_transaction(connection, transaction)
    check_views(connection, SUITE.models(), "dbt run")
    built = connection.execute("select count(*) from penstock.views").fetchone()
    assert built == (22,)
