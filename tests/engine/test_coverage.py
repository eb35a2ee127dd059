"""docs/coverage.md is true: each construct is maintained as it says, or refused in its words."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.services.postgres import Server
from penstock.testing.coverage import (
    Construct,
    operators,
    page,
    read_constructs,
    read_world,
)
from penstock.testing.services import TEMPLATE, Database, fresh_database
from penstock_ivm import PsycopgSession, Unmaintainable, View, deploy, plan_view, verify
from penstock_ivm.plan import Plan

FOLDER = Path(__file__).parent / "coverage"
PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
REWRITE = os.environ.get("PENSTOCK_GOLDEN") == "rewrite"
CONSTRUCTS = read_constructs(FOLDER)
WORLD = read_world(FOLDER)


@pytest.fixture(scope="module")
def world(postgres_server: Server) -> Iterator[Database]:
    """The examples' tables; no test leaves anything behind in them."""
    with fresh_database(postgres_server, "test_coverage", template=TEMPLATE) as database:
        database.connection.execute(WORLD.tables.encode())
        for name, query in WORLD.upstream.items():
            with database.connection.transaction():
                deploy(PsycopgSession(database.connection), View("public", name, query))
        yield database


def planned(world: Database, construct: Construct) -> Plan | None:
    """Plan the example; None where it is refused in the words of the page."""
    view = View("public", "example", construct.query, path="models/example.sql")
    with world.connection.transaction(force_rollback=True):
        session = PsycopgSession(world.connection)
        if not construct.is_refused:
            return plan_view(session, view)[1]
        with pytest.raises(Unmaintainable) as caught:
            plan_view(session, view)
        assert (caught.value.primary, caught.value.hint) == (construct.error, construct.hint)
        return None


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.title)
def test_a_construct_is_what_the_page_says(world: Database, construct: Construct) -> None:
    plan = planned(world, construct)
    if plan is None:
        return
    assert set(construct.by) <= set(operators(plan)), operators(plan)
    connection = world.connection
    session = PsycopgSession(connection)
    with connection.transaction(force_rollback=True):
        deploy(session, View("public", "example", construct.query))
        for title, step in WORLD.steps.items():
            connection.execute(step.encode())
            assert verify(session, "public", "example") == [], title


def test_golden_page(world: Database) -> None:
    got = page([(construct, planned(world, construct)) for construct in CONSTRUCTS])
    if REWRITE:
        PAGE.write_text(got)
    assert (PAGE.read_text() if PAGE.exists() else "") == got, "run `make golden` and review it"


def test_constructs_are_told_apart() -> None:
    titles = [construct.title for construct in CONSTRUCTS]
    assert len(titles) == len(set(titles))
