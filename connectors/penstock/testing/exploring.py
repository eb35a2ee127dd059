"""Telling a story's views other histories, made of random changes."""

from dataclasses import replace

import psycopg

from penstock.testing.random_values import TableOf, names_of
from penstock.testing.stories import Step, Story
from penstock.testing.telling import Wrong, check, deploy_view
from penstock_ivm import PsycopgSession, drop

# What a random statement may run into by itself; it is then left out of the story.
ALLOWED = (
    psycopg.errors.IntegrityError,
    psycopg.errors.CardinalityViolation,
    psycopg.errors.TriggeredDataChangeViolation,
    psycopg.errors.ObjectNotInPrerequisiteState,
)


def explore(
    connection: psycopg.Connection,
    story: Story,
    tables: list[TableOf],
    transactions: list[list[str]],
) -> None:
    """Empty the tables, run the transactions, and compare every view after each of them.

    Raises Wrong with a story that shows what went wrong, ready to be kept.
    """
    taken: list[list[str]] = []
    try:
        if story.append_only:
            _start_again(connection, story, tables)
        else:
            _empty(connection, tables)
        check(connection, story, "after emptying all tables")
        for statements in transactions:
            taken.append([])
            _run(connection, statements, taken[-1])
            check(connection, story, f"transaction {len(taken)}")
    except (Wrong, psycopg.Error) as error:
        connection.rollback()
        _start_again(connection, story, tables)
        told = _as_story(story, taken)
        raise Wrong(f"{error}\n\nThe story:\n\n{told.sql()}") from error


def _run(connection: psycopg.Connection, statements: list[str], taken: list[str]) -> None:
    """Run one transaction; note in `taken` what did not fail by rights."""
    try:
        with connection.transaction():
            for statement in statements:
                if "savepoint" in statement.split(" one", maxsplit=1)[0]:
                    taken.append(statement)
                    connection.execute(statement.encode())
                    continue
                try:
                    taken.append(statement)
                    with connection.transaction():
                        connection.execute(statement.encode())
                except ALLOWED as error:
                    _mine(error)
                    taken.pop()
            # Deferred constraints speak now, within reach.
            connection.execute("set constraints all immediate")
    except ALLOWED as error:
        _mine(error)
        taken.clear()


def _mine(error: psycopg.Error) -> None:
    """Raise again what comes from the engine's own tables."""
    if (error.diag.schema_name or "").startswith("penstock"):
        raise Wrong(f"maintenance failed: {error}") from error


def _empty(connection: psycopg.Connection, tables: list[TableOf]) -> None:
    connection.execute(f"truncate {names_of(tables)}".encode())


def _start_again(connection: psycopg.Connection, story: Story, tables: list[TableOf]) -> None:
    """Build the views anew, so that the next history does not begin with this one's fault."""
    for view in reversed(story.views):
        with connection.transaction():
            drop(PsycopgSession(connection), "public", view.name)
    _empty(connection, tables)
    for view in story.views:
        deploy_view(connection, view, story.append_only)


def _as_story(story: Story, taken: list[list[str]]) -> Story:
    steps = [
        Step(f"transaction {n}", ";\n".join(statements) + ";", 0)
        for n, statements in enumerate(taken, start=1)
        if statements
    ]
    return replace(story, title=f"{story.title} (found)", steps=tuple(steps))
