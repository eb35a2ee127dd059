"""Nexmark's queries as maintained views, equal to recompute after batches and retractions.

Not here: q12, which counts bids by processing time. When a row was processed is not a fact of
the row, so no recompute could give it again.
"""

from pathlib import Path

from penstock.testing.nexmark import add, load
from penstock.testing.services import Database
from penstock.testing.suites import Suite, check_views, deploy_models, run_transaction

SUITE = Suite(Path(__file__).parent)
LOADED, BATCH = 1500, 500


def test_all_queries_are_maintained(database: Database) -> None:
    connection = database.connection
    connection.execute(SUITE.schema().encode())
    load(connection, LOADED)
    models = SUITE.models()
    assert len(models) == 22
    refused = [d for d in deploy_models(connection, models) if d.refusal]
    assert not refused, "\n".join(f"{d.view.name}: {d.refusal}" for d in refused)
    check_views(connection, models, "deploy")
    for first in range(LOADED, LOADED + 2 * BATCH, BATCH):
        add(connection, first, BATCH)
        check_views(connection, models, f"events from {first}")
    for transaction in SUITE.transactions({}):
        run_transaction(connection, transaction)
        check_views(connection, models, transaction.title)
