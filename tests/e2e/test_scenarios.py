"""The scenarios of SCENARIOS.md, step by step and then backwards."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from comparing import assert_all_views_maintained, assert_as_expected, read_profiles
from landing import land
from oracle import Message, expect

from penstock.services.postgres import Server
from penstock.testing.services import Database, fresh_database

PAGE = Path(__file__).with_name("SCENARIOS.md").read_text()
KINDS = {"a": "anonymous_id", "u": "user_id", "e": "email", "p": "phone"}
Group = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Step:
    """What is said, or which step is erased, and who is one person afterwards."""

    number: int
    says: str
    groups: frozenset[Group]

    @property
    def erases(self) -> int | None:
        return int(self.says[1:]) if self.says.startswith("-") else None


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    steps: tuple[Step, ...]


def read_scenarios() -> list[Scenario]:
    """Read the page; what is not understood is an error."""
    scenarios = []
    for section in PAGE.split("\n## ")[1:]:
        name, _, text = section.partition("\n")
        lines = [line for line in text.splitlines() if line.startswith("|")][2:]
        steps = []
        for number, line in enumerate(lines, start=1):
            said, says, profiles = (cell.strip() for cell in line.strip("|").split("|"))
            assert said == str(number), f"{name}: step {said} is step {number}"
            groups = [
                frozenset(identifier(short) for short in group.split())
                for group in re.findall("`([^`]+)`", profiles)
            ]
            assert len(set(groups)) == len(groups) > 0, f"{name}: step {number} has no profiles"
            steps.append(Step(number, says.strip("`"), frozenset(groups)))
        assert len(steps) > 1, f"{name} has no steps"
        scenarios.append(Scenario(name, tuple(steps)))
    return scenarios


def identifier(short: str) -> tuple[str, str]:
    """Write out `e1`; an anonymous id and a user id of one number are the same text."""
    assert re.fullmatch("[auep][0-9]", short), short
    number = short[1]
    value = {"e": f"person{number}@example.com", "p": f"+4366012{number}"}.get(short[0], number)
    return KINDS[short[0]], value


def message(step: Step) -> Message:
    """Write out what a step says, as a sender would."""
    moment = f"2026-03-01T10:{step.number:02}:00Z"
    event: dict[str, object] = {
        "messageId": f"step-{step.number}",
        "type": "track",
        "event": "Order Completed",
        "receivedAt": moment,
        "properties": {"revenue": step.number},
    }
    traits = {}
    if "<" in step.says:
        new, old = (identifier(short)[1] for short in step.says.split("<"))
        event |= {"type": "alias", "userId": new, "previousId": old}
    else:
        for kind, value in map(identifier, step.says.split("+")):
            if kind in ("email", "phone"):
                traits[kind] = value
            else:
                event[{"user_id": "userId", "anonymous_id": "anonymousId"}[kind]] = value
    if traits:
        event["traits"] = traits
    return Message(0, step.number, 1_772_359_200_000, json.dumps(event).encode())


SCENARIOS = read_scenarios()


@pytest.fixture(scope="module")
def shared(postgres_server: Server, deployed: str) -> Iterator[Database]:
    """One database for all scenarios; each begins with an empty landing table."""
    with fresh_database(postgres_server, "e2e_scenarios", template=deployed) as database:
        yield database


def assert_state(database: Database, landed: dict[int, Message], groups: frozenset[Group]) -> None:
    """Compare with what the page says, with the oracle, and with the models' own SELECTs."""
    profiles = read_profiles(database.connection)
    got = {frozenset((i.type, i.value) for i in profile.identifiers) for profile in profiles}
    assert got == groups
    assert_as_expected(database.connection, expect(landed.values()))
    assert_all_views_maintained(database.connection)


def erase(database: Database, landed: dict[int, Message], number: int) -> None:
    gone = database.connection.execute(
        "delete from landed_events where kafka_offset = %s", (number,)
    )
    assert gone.rowcount == 1
    del landed[number]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(shared: Database, scenario: Scenario) -> None:
    shared.connection.execute("truncate landed_events")
    landed: dict[int, Message] = {}
    for step in scenario.steps:
        if step.erases is None:
            landed[step.number] = message(step)
            land(shared.connection, [landed[step.number]])
        else:
            erase(shared, landed, step.erases)
        assert_state(shared, landed, step.groups)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario_backwards(shared: Database, scenario: Scenario) -> None:
    """Later events first, then what is erased: who is one person at the end is the same."""
    shared.connection.execute("truncate landed_events")
    landed: dict[int, Message] = {}
    for step in reversed(scenario.steps):
        if step.erases is None:
            landed[step.number] = message(step)
            land(shared.connection, [landed[step.number]])
            assert_as_expected(shared.connection, expect(landed.values()))
    for step in reversed(scenario.steps):
        if step.erases is not None:
            erase(shared, landed, step.erases)
    assert_state(shared, landed, scenario.steps[-1].groups)


def test_a_profile_keeps_its_id_while_later_ones_join(shared: Database) -> None:
    """Late link: the older profile's name is the one that stays."""
    [late_link] = [s for s in SCENARIOS if s.name == "Late link"]
    shared.connection.execute("truncate landed_events")
    names = []
    for step in late_link.steps:
        land(shared.connection, [message(step)])
        names += shared.connection.execute(
            "select profile_id from identifiers where identifier_type = 'user_id' and"
            " identifier_value = '1'"
        ).fetchall()
    assert len(names) == len(late_link.steps)
    assert len(set(names)) == 1
