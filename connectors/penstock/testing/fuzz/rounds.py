"""One round: a database, its views, a history; and what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random

import psycopg

from penstock.testing.differential import compare
from penstock.testing.fuzz.changes import random_transaction
from penstock.testing.fuzz.schema import Relation, create_sql, random_tables
from penstock.testing.fuzz.select import Writer
from penstock.testing.fuzz.sessions import Together, plan_together, run_together
from penstock.testing.services import Database
from penstock.testing.stories import Step, Story, StoryView
from penstock.testing.telling import believed, deploy_view, shown
from penstock_ivm import Unmaintainable

# What a random statement may run into by itself: a key that is there, a number out of range, a
# row that a MERGE meets twice, a lock or a snapshot that another session has.
EXPECTED = ("22", "23", "21000", "40001", "40P01", "27000")
VIEWS = 6
# Deploying the views costs more than many transactions do.
TRANSACTIONS = 72
EMPTIED = 9
TOGETHER = 0.3
# Joins of rows without keys grow with each transaction; minutes are better spent elsewhere.
LIMIT = b"set statement_timeout = '10s'"


@dataclass(frozen=True)
class Plan:
    """What a round will do: everything but what it finds."""

    seed: int
    tables: tuple[Relation, ...]
    views: tuple[StoryView, ...]
    transactions: tuple[tuple[str, ...], ...]
    before: int = 0
    """How many of the transactions come before the views are deployed."""
    together: Together | None = None
    """What several sessions do at once after that, in some rounds."""


@dataclass
class Found:
    """What a round found. fault: the view at fault, when, and how."""

    cases: int = 0
    failed: int = 0
    """Transactions that ended with an error that any writer may meet."""
    together: int = 0
    """Transactions that sessions committed side by side."""
    crashes: int = 0
    ended: bool = False
    """False where a statement took longer than LIMIT: the round's data had grown too much."""
    deployed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    fault: Fault | None = None


@dataclass(frozen=True)
class Fault:
    """A view that differs, or an error that should not be."""

    view: str
    moment: int
    """How many transactions had run: 0 for the deployment."""
    text: str
    at_once: bool = False
    """Found after several sessions wrote at once, so it may not come again."""


def plan_round(seed: int) -> Plan:
    """Make up a round; the same seed gives the same round."""
    rng = Random(seed)
    tables = random_tables(rng)
    relations = list(tables)
    views = []
    for number in range(VIEWS):
        query, columns = Writer(rng, relations).query()
        name = f"v{number}"
        views.append(StoryView(name, query))
        relations.append(Relation(name, columns))
    history = tuple(
        # Now and then a table is emptied: without keys they would grow, and joins with them.
        (f"delete from {rng.choice(tables).name}",)
        if number % EMPTIED == 0
        else tuple(random_transaction(rng, tables))
        for number in range(1, TRANSACTIONS + 1)
    )
    together = plan_together(rng, tables) if rng.random() < TOGETHER else None
    return Plan(seed, tuple(tables), tuple(views), history, TRANSACTIONS // 12, together)


def play(database: Database, plan: Plan, crash: Callable[[], None]) -> Found:
    """Play a round in an empty database; stop at the first fault.

    crash: kills the server and starts it again.
    """
    found = Found()
    database.connection.execute(LIMIT)
    with suppress(psycopg.errors.QueryCanceled):
        found.fault = _play(database, plan, crash, found)
        found.ended = True
    return found


def _play(database: Database, plan: Plan, crash: Callable[[], None], found: Found) -> Fault | None:
    connection = database.connection
    for table in plan.tables:
        connection.execute(create_sql(table).encode())
    for transaction in plan.transactions[: plan.before]:
        run(connection, transaction)
    standing = []
    for view in plan.views:
        refusals = found.refused.total()
        fault = _deploy(connection, view, found)
        if fault is not None:
            return fault
        if found.refused.total() == refusals:
            standing.append(view)
    found.deployed = len(standing)
    for number, transaction in enumerate(plan.transactions[plan.before :], plan.before + 1):
        done, fault = run(connection, transaction, number)
        found.failed += not done
        fault = fault or _check(connection, standing, number, found)
        if fault is not None:
            return fault
    if plan.together is not None:
        return _together(database, plan.together, standing, found, crash)
    return None


def _together(
    database: Database,
    together: Together,
    views: list[StoryView],
    found: Found,
    crash: Callable[[], None],
) -> Fault | None:
    """Let the sessions of a round write at once, then compare."""
    done, errors = run_together(database.url, together, crash)
    found.together += done
    found.failed += len(errors)
    found.crashes += together.crash_after is not None
    for error in errors:
        if isinstance(error, psycopg.errors.QueryCanceled):
            raise error
        if not _is_expected(error):
            return Fault("", TRANSACTIONS, f"at once: {_short(error)}", at_once=True)
    with database.connect() as connection:
        connection.execute(LIMIT)
        fault = _check(connection, views, TRANSACTIONS, found)
    return fault and replace(fault, text=f"at once: {fault.text}", at_once=True)


def _deploy(connection: psycopg.Connection, view: StoryView, found: Found) -> Fault | None:
    """Deploy a view if it can be asked at all and the engine takes it."""
    try:
        connection.execute(f"select * from ({view.query}) as q limit 0".encode())
    except psycopg.Error as error:
        reason = error.diag.message_primary or ""
        found.refused[f"(PostgreSQL: {reason[:60]})"] += 1
        return None
    try:
        deploy_view(connection, view)
    except Unmaintainable as error:
        found.refused[error.primary] += 1
        # Views over it go on with a plain one.
        connection.execute(f"create view {view.name} as {view.query}".encode())
    except psycopg.errors.QueryCanceled:
        raise
    except psycopg.Error as error:
        if _is_expected(error):
            found.refused["(the SELECT raises)"] += 1
            return None
        return Fault(view.name, 0, f"deploy: {_short(error)}")
    except Exception as error:
        return Fault(view.name, 0, f"deploy: {type(error).__name__}: {error}")
    return None


def run(
    connection: psycopg.Connection, transaction: tuple[str, ...], number: int = 0
) -> tuple[bool, Fault | None]:
    """Run a transaction; an error that any writer may meet ends it, and is no fault."""
    try:
        with connection.transaction():
            for statement in transaction:
                connection.execute(statement.encode())
    except psycopg.errors.QueryCanceled:
        raise
    except psycopg.Error as error:
        return False, None if _is_expected(error) else Fault("", number, _short(error))
    return True, None


def _check(
    connection: psycopg.Connection, views: list[StoryView], number: int, found: Found
) -> Fault | None:
    for view in views:
        try:
            different = compare(connection, believed(view), shown(view.name))
        except psycopg.errors.QueryCanceled:
            raise
        except psycopg.Error as error:
            if _is_expected(error):
                continue
            return Fault(view.name, number, _short(error))
        found.cases += 1
        if different:
            listed = "; ".join(str(line) for line in different[:6])
            return Fault(view.name, number, f"differs: {listed}")
    return None


def as_story(plan: Plan, fault: Fault) -> Story:
    """Tell a round as a story."""
    return Story(
        title=f"seed {plan.seed}: {fault.text[:120]}",
        tables="\n".join(create_sql(table) for table in plan.tables),
        views=plan.views,
        steps=tuple(
            Step(f"transaction {number}", ";\n".join(statements) + ";", 0)
            for number, statements in enumerate(plan.transactions, 1)
        ),
    )


def _is_expected(error: psycopg.Error) -> bool:
    state = error.sqlstate or ""
    # A constraint of the engine's own tables is not the writer's to break.
    ours = error.diag.schema_name in (None, "public")
    return state.startswith(EXPECTED) and (ours or not state.startswith("23"))


def _short(error: psycopg.Error) -> str:
    return f"{error.sqlstate} {str(error).strip()[:600]}"
