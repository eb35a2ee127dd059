"""Telling a story to a server, and comparing every view with its SELECT after every step."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import psycopg
from psycopg import sql

from penstock.testing.differential import Mismatch, compare
from penstock.testing.stories import Step, Story, StoryView
from penstock_ivm import PsycopgSession, View, deploy

SHOWN = 12


class Wrong(AssertionError):
    """A view that is not what its SELECT gives, or what the story expects."""


def missing_requirement(connection: psycopg.Connection, story: Story) -> str | None:
    """Return what the story needs and the server lacks, or None."""
    for need in story.requires:
        name, _, version = need.partition(" ")
        if name == "icu":
            # Every server names a few such collations; one with ICU has hundreds.
            query = b"select 1 from pg_collation where collprovider = 'i' offset 50 limit 1"
            if not connection.execute(query).fetchone():
                return need
        elif name == "postgres":
            if connection.info.server_version < int(version) * 10_000:
                return need
        elif not connection.execute(
            "select name from pg_available_extensions where name = %s", (name,)
        ).fetchone():
            return need
    return None


def set_up(connection: psycopg.Connection, story: Story) -> None:
    """Create the story's tables and deploy its views."""
    connection.execute(story.tables.encode())
    for view in story.views:
        deploy_view(connection, view, story.append_only)
        want, got = (_columns(connection, query) for query in (view.query, shown(view.name)))
        if want != got:
            raise Wrong(f"view {view.name} has columns {got}, its SELECT {want}")


def deploy_view(
    connection: psycopg.Connection, view: StoryView, append_only: tuple[str, ...] = ()
) -> None:
    """Deploy one view into schema public, in a transaction of its own."""
    pairs = frozenset(("public", table) for table in append_only)
    with connection.transaction():
        deploy(
            PsycopgSession(connection),
            View("public", view.name, view.query, path="story.sql", append_only=pairs),
        )


def tell(connection: psycopg.Connection, story: Story, *, one_transaction: bool = False) -> None:
    """Run the steps, each in its own transaction or all in one; raise Wrong at the first fault.

    The connection is in autocommit mode, the story set up.
    """
    with connection.transaction() if one_transaction else nullcontext():
        check(connection, story, "before the first step")
        for step in story.steps:
            take(connection, step)
            check(connection, story, f"line {step.line}: {step.title}")
            for expected in step.expectations:
                found = compare(connection, expected.query, shown(expected.view))
                if found:
                    told = f"expect at line {expected.line}, step {step.title!r}"
                    raise Wrong(_report(story, expected.view, told, found))


def take(connection: psycopg.Connection, step: Step) -> None:
    """Take one step; within a transaction it is a savepoint."""
    with _failing(step), connection.transaction():
        if step.copy_into is None:
            cursor = connection.execute(step.text.encode())
            while cursor.nextset():
                pass
            return
        with connection.cursor() as cursor:
            statement = f"copy {step.copy_into} from stdin (format csv)"
            with cursor.copy(statement.encode()) as copy:
                copy.write(step.text + "\n")


@contextmanager
def _failing(step: Step) -> Iterator[None]:
    """Expect the step's error, where it has one."""
    if step.error is None:
        yield
        return
    try:
        yield
    except psycopg.Error as error:
        if step.error not in str(error):
            raise Wrong(f"step {step.title!r} failed with {error}, want {step.error!r}") from error
        return
    raise Wrong(f"step {step.title!r} did not fail, want {step.error!r}")


def check(connection: psycopg.Connection, story: Story, moment: str) -> None:
    """Compare every view with its own SELECT; raise Wrong for the first that differs."""
    for view in story.views:
        found = compare(connection, believed(view), shown(view.name))
        if found:
            raise Wrong(_report(story, view.name, moment, found))


_NOW = re.compile(r"\b(?:now\(\)|transaction_timestamp\(\)|current_timestamp\b)", re.IGNORECASE)


def believed(view: StoryView) -> str:
    """Write the view's SELECT at the time that its clock shows."""
    clock = sql.SQL("(select at from penstock.clocks() where view_name = {})").format(view.name)
    return _NOW.sub(lambda _: clock.as_string(None), view.query)


def shown(view: str) -> str:
    """Write the query that shows a view of a story."""
    return sql.SQL("select * from public.{}").format(sql.Identifier(view)).as_string(None)


def _columns(connection: psycopg.Connection, query: str) -> list[str]:
    """Return names and types of what a query gives."""
    with connection.transaction(force_rollback=True):
        connection.execute(f"create temporary view described as {query}".encode())
        rows = connection.execute(
            "select attname || ' ' || format_type(atttypid, atttypmod) from pg_attribute"
            " where attrelid = 'pg_temp.described'::regclass and attnum > 0 order by attnum"
        ).fetchall()
    return [name for (name,) in rows]


def _report(story: Story, view: str, moment: str, found: list[Mismatch]) -> str:
    lines = [f"view {view} is not its SELECT ({story.title}; {moment})"]
    lines += [f"  {mismatch}" for mismatch in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"  and {len(found) - SHOWN} more")
    return "\n".join(lines)
