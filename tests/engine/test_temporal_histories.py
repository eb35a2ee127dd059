"""The temporal stories' views under random rows around a clock that ticks at random."""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from penstock.testing.sections import files_in
from penstock.testing.services import Database
from penstock.testing.stories import Step, Story, read_story
from penstock.testing.telling import Wrong, check, missing_requirement, set_up, take

STORIES = [
    path for path in files_in(Path(__file__).parent / "stories") if path.stem.startswith("temporal")
]
ROUNDS = int(os.environ.get("TEMPORAL_ROUNDS", "25"))
START = datetime(2040, 2, 28, 21, 0, tzinfo=UTC)

Column = tuple[str, str, bool]


def columns(connection: psycopg.Connection) -> dict[str, list[Column]]:
    """Base table -> (name, type, whether it is the key)."""
    found: dict[str, list[Column]] = {}
    for table, *column in connection.execute(
        """
        select c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod),
            coalesce(a.attnum = any (i.indkey), false)
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_index as i on i.indrelid = c.oid and i.indisprimary
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        order by c.relname, a.attnum
        """
    ):
        found.setdefault(table, []).append((column[0], column[1], column[2]))
    return found


def value(kind: str, now: datetime, chance: random.Random, *, key: bool) -> object:
    """A value that is often equal to another, often NULL, often near an edge of now()."""
    if not key and chance.random() < 0.1:
        return None
    if kind.endswith("[]"):
        some = [value(kind[:-2], now, chance, key=False) for _ in range(chance.randrange(4))]
        return sql.SQL("array[{}]::{}").format(
            sql.SQL(", ").join(map(sql.Literal, some)), sql.SQL(kind)
        )
    hours = chance.choice([0, 1, 2, 3, 10, 24, 36, 48, 7 * 24, 31 * 24])
    edge = now + chance.choice([-1, 1]) * timedelta(hours=hours)
    near = edge + timedelta(microseconds=chance.choice([0, 0, 1, -1, 1_800_000_000]))
    match kind:
        case "timestamp with time zone":
            return near
        case "timestamp without time zone":
            return near.replace(tzinfo=None)
        case "date":
            return near.date()
        case "text":
            return chance.choice(["a", "b"])
        case _:
            return chance.randrange(40) if key else chance.randrange(5)


def statement(
    tables: dict[str, list[Column]], now: datetime, chance: random.Random
) -> sql.Composable:
    """One random INSERT, UPDATE or DELETE."""
    table = chance.choice(list(tables))
    name, listed = sql.Identifier(table), tables[table]

    def picked(column: Column) -> sql.Composable:
        found = value(column[1], now, chance, key=column[2])
        return found if isinstance(found, sql.Composable) else sql.Literal(found)

    some = chance.choice(listed)
    where = sql.SQL("where {} = {}").format(sql.Identifier(some[0]), picked(some))
    match chance.randrange(5):
        case 0:
            return sql.SQL("delete from {} {}").format(name, where)
        case 1:
            other = chance.choice([c for c in listed if not c[2]])
            return sql.SQL("update {} set {} = {} {}").format(
                name, sql.Identifier(other[0]), picked(other), where
            )
        case _:
            rows = sql.SQL(", ").join(
                sql.SQL("({})").format(sql.SQL(", ").join(map(picked, listed)))
                for _ in range(chance.randrange(1, 8))
            )
            return sql.SQL("insert into {} values {} on conflict do nothing").format(name, rows)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_views_are_right_whatever_happens_at_whatever_time(
    database: Database, path: Path, seed: int
) -> None:
    story = read_story(path)
    connection = database.connection
    if lacking := missing_requirement(connection, story):
        pytest.skip(f"the server has no {lacking}")
    set_up(connection, story)
    chance = random.Random(f"{path.stem} {seed}")  # noqa: S311
    tables, now = columns(connection), START
    steps = [Step("start", f"select penstock.tick('{now}')", 0)]
    take(connection, steps[0])
    for number in range(ROUNDS):
        parts = [
            statement(tables, now, chance).as_string(connection) for _ in range(chance.randrange(4))
        ]
        if chance.random() < 0.7:
            now += chance.choice(
                [
                    timedelta(microseconds=1),
                    timedelta(minutes=30),
                    timedelta(hours=1),
                    timedelta(hours=chance.randrange(1, 60)),
                    timedelta(days=chance.randrange(1, 20)),
                ]
            )
            parts.insert(chance.randrange(len(parts) + 1), f"select penstock.tick('{now}')")
        if parts:
            steps.append(Step(f"round {number}", ";\n".join(parts), number))
            _try(connection, story, steps)


def _try(connection: psycopg.Connection, story: Story, steps: list[Step]) -> None:
    try:
        take(connection, steps[-1])
        check(connection, story, steps[-1].title)
    except (Wrong, psycopg.Error) as error:
        told = Story(story.title, story.tables, story.views, tuple(steps), story.covers)
        raise Wrong(f"{error}\n\nThe story:\n\n{told.sql()}") from error
