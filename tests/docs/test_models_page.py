"""docs/models.md names every rule that the models have, and its examples do what it says."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from penstock.services.postgres import Server
from penstock.testing import load_rows, run_models
from penstock.testing.services import TEMPLATE, fresh_database

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "models.md").read_text()
BEGAN = datetime(2026, 3, 1, 10, tzinfo=UTC)
FIELDS = ("messageId", "type", "event", "userId", "anonymousId", "previousId", "timestamp")
FIELDS += ("groupId", "sentAt", "receivedAt", "properties", "traits", "context")

Message = dict[str, Any]
Rows = list[list[str]]


# --- reading the page ------------------------------------------------------------------------


def table(first: str) -> Rows:
    """Give the cells of the one table whose header begins so."""
    found = re.findall(rf"^\| {first} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert len(found) == 1, f"{len(found)} tables of {first}"
    lines = found[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def quoted(text: str) -> list[str]:
    """List what stands in back quotes."""
    return re.findall(r"`([^`]+)`", text)


def good_message() -> Message:
    """Give the message that the examples change."""
    [text] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    message: Message = json.loads(text)
    return message


def rule_to_add() -> str:
    """Give the SQL of the worked example."""
    section = PAGE.partition("## Adding a rule")[2]
    [text] = re.findall(r"```sql\n(.*?)```", section, re.DOTALL)
    return str(text)


RULES = table("violation")
NAMES = [name for row in RULES for name in quoted(row[0])]
STORIES = table("story")


def named_in(statement: str) -> set[str]:
    """Find the names a model gives to what is wrong, in SQL or as the server writes it back."""
    return set(re.findall(r"\bthen '(\w+)'", statement, re.IGNORECASE))


def told(events: str) -> list[Message]:
    """Read a story's events, `a1+u1` and `u1<u0`, as messages a minute apart."""
    fields = {"a": "anonymousId", "u": "userId", "e": "email", "p": "phone"}
    messages = []
    for number, event in enumerate(quoted(events)):
        moment = (BEGAN + timedelta(minutes=number)).isoformat()
        message: Message = {"messageId": f"m{number}", "type": "identify", "timestamp": moment}
        if "<" in event:
            user, previous = event.split("<")
            message |= {"type": "alias", "userId": user, "previousId": previous}
        for name in event.split("+") if "<" not in event else ():
            field = fields[name[0]]
            # What a phone keeps is its digits.
            value = {field: name if field != "phone" else name[1:]}
            message |= {"traits": message.get("traits", {}) | value} if name[0] in "ep" else value
        messages.append(message)
    return messages


def node(name: str) -> str:
    """Write a story's identifier as `type:value`."""
    kind = {"a": "anonymous_id", "u": "user_id", "e": "email", "p": "phone"}[name[0]]
    return f"{kind}:{name[1:] if kind == 'phone' else name}"


# --- fixtures --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dbt_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], None]:
    """Run the models of a project: `dbt_run(url, project)`."""
    place = tmp_path_factory.mktemp("dbt")
    paths = "--target-path", str(place / "target"), "--log-path", str(place / "logs")
    return lambda url, project: run_models(url, *paths, project_dir=project)


@pytest.fixture(scope="module")
def models(
    postgres_server: Server, dbt_run: Callable[[str, Path], None]
) -> Iterator[psycopg.Connection]:
    """All models over no message. A test leaves nothing in it."""
    with fresh_database(postgres_server, "models_page", template=TEMPLATE) as database:
        dbt_run(database.url, PROJECT)
        yield database.connection


@contextmanager
def landed(connection: psycopg.Connection, messages: list[Message]) -> Iterator[None]:
    """Show the models with these messages in them, each landed by itself."""
    with connection.transaction(force_rollback=True):
        for offset, message in enumerate(messages):
            row = {"kafka_partition": 0, "kafka_offset": offset, "kafka_timestamp": BEGAN}
            load_rows(connection, "landed_events", [row | {"payload": Jsonb(message)}])
        yield


def profiles(connection: psycopg.Connection) -> dict[frozenset[str], str]:
    """Give the profiles by their identifiers."""
    query = """
    select array_agg(identifier_type || ':' || identifier_value), profile_id
    from identifiers
    inner join profiles using (profile_id)
    group by profile_id
    """
    return {frozenset(nodes): profile_id for nodes, profile_id in connection.execute(query)}


# --- tests -----------------------------------------------------------------------------------


def test_the_page_names_every_model() -> None:
    named = [name for row in table("model") for name in quoted(row[0])]
    assert sorted(named) == sorted(path.stem for path in PROJECT.glob("models/**/*.sql"))


def test_the_page_says_how_each_model_is_kept(models: psycopg.Connection) -> None:
    got = {
        name: "maintained" if is_maintained else {"r": "table", "v": "view"}[kind]
        for name, kind, is_maintained in models.execute(
            "select relname, relkind::text, view_name is not null from pg_class"
            " left join penstock.views on view_name = relname and schema_name = 'public'"
            " where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')"
        )
    }
    want = {quoted(row[0])[0]: row[2] for row in table("model")}
    assert want.pop("int_identity_unconverged") == "maintained"
    assert got == want


def test_the_page_names_every_violation_once(models: psycopg.Connection) -> None:
    got = set()
    for model in ("stg_events_parsed", "int_events_judged"):
        [(statement,)] = models.execute("select pg_get_viewdef(%s::regclass)", (model,)).fetchall()
        found = named_in(statement)
        assert found, f"no violation was found in {model}"
        got |= found
    assert sorted(NAMES) == sorted(got)


def test_the_message_to_start_from_is_accepted(models: psycopg.Connection) -> None:
    with landed(models, [good_message()]):
        assert models.execute("select message_id from events").fetchall() == [("m1",)]


@pytest.mark.parametrize("row", RULES, ids=NAMES)
def test_an_example_breaks_its_rule(models: psycopg.Connection, row: list[str]) -> None:
    change = json.loads(quoted(row[2])[0])
    assert set(change) <= set(FIELDS), "a field that no model reads"
    want = sorted({*quoted(row[0]), *(name for name in quoted(row[1]) if name in NAMES)})
    with landed(models, [good_message() | change]):
        got = models.execute("select violations from events_quarantined").fetchall()
        assert [sorted(violations) for (violations,) in got] == [want]
        assert models.execute("select from events").fetchall() == []


@pytest.mark.parametrize("row", STORIES, ids=[row[0].split("**")[1] for row in STORIES])
def test_a_story_ends_as_told(models: psycopg.Connection, row: list[str]) -> None:
    _, events, people, named_by = row
    identifiers = [frozenset(map(node, person.split())) for person in quoted(people)]
    ids = [md5(node(name).encode()).hexdigest() for name in quoted(named_by)]  # noqa: S324
    want = dict(zip(identifiers, ids, strict=True))
    with landed(models, told(events)):
        assert profiles(models) == want
        # What holds the diamond together twice may go once.
        if "**diamond**" in row[0]:
            for offset in range(len(told(events))):
                with models.transaction(force_rollback=True):
                    models.execute("delete from landed_events where kafka_offset = %s", (offset,))
                    assert set(profiles(models)) == set(want)


def test_the_first_delivery_wins_in_any_order(models: psycopg.Connection) -> None:
    first = good_message() | {"userId": "first"}
    again = good_message() | {"userId": "again", "receivedAt": "2026-03-01T10:00:05Z"}
    broken = good_message() | {"event": ""}
    for deliveries in ([first, again, broken], [broken, again, first]):
        with landed(models, deliveries):
            assert models.execute("select user_id from events").fetchall() == [("first",)]
            assert models.execute("select user_id from profiles").fetchall() == [("first",)]
    with landed(models, [broken, first, broken]):
        assert len(models.execute("select from events_quarantined").fetchall()) == 2


def test_the_rule_to_add_holds_back_and_lets_go(
    postgres_server: Server, dbt_run: Callable[[str, Path], None], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    for folder in ("models", "macros"):
        shutil.copytree(PROJECT / folder, project / folder)
    for file in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / file, project / file)
    judged = project / "models" / "quality" / "int_events_judged.sql"
    amounts = "        {{ amount_violation('properties', 'revenue') }}"
    before, found, after = judged.read_text().partition(amounts)
    assert found, "the place that the page names is gone"
    judged.write_text(before + rule_to_add() + found + after)

    orders = [
        good_message() | {"messageId": f"m-{currency}", "properties": {"currency": currency}}
        for currency in ("EUR", "JPY", None)
    ]
    rows = [[0, offset, BEGAN, None, None, Jsonb(order)] for offset, order in enumerate(orders)]
    with fresh_database(postgres_server, "rule_to_add", template=TEMPLATE) as database:
        dbt_run(database.url, project)
        load_rows(database.connection, "landed_events", rows)
        held = database.connection.execute("select message_id, violations from events_quarantined")
        assert held.fetchall() == [("m-JPY", ["unknown_currency"])]
        dbt_run(database.url, PROJECT)
        healed = database.connection.execute("select message_id from events order by 1")
        assert healed.fetchall() == [("m-EUR",), ("m-JPY",), ("m-None",)]
        counted = database.connection.execute("select event_count from profiles")
        assert counted.fetchall() == [(3,)]


# --- each check can fail ---------------------------------------------------------------------


def test_names_are_found_in_both_forms() -> None:
    assert named_in("case when a then 'one' end, CASE WHEN b THEN 'two'::text END") == {
        "one",
        "two",
    }


def test_a_story_is_read_as_it_is_written() -> None:
    first, second = told("`a1+e1+p1`, `u1<u0`")
    assert first["anonymousId"] == "a1"
    assert first["traits"] == {"email": "e1", "phone": "1"}
    assert (second["type"], second["userId"], second["previousId"]) == ("alias", "u1", "u0")
