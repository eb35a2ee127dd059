"""The public relations, read as a reader reads them, against what the oracle expects."""

import json
from collections import Counter
from collections.abc import Hashable, Iterable
from decimal import Decimal
from typing import Any

import psycopg
from oracle import Event, Expected, Identifier, Profile, comparable

from penstock.testing import NotMaintained, assert_maintained

SHOWN = 5
EVENTS = """
select
    message_id, type, event, user_id, anonymous_id, previous_id, email, phone,
    (extract(epoch from occurred_at) * 1000000)::bigint,
    (extract(epoch from received_at) * 1000000)::bigint,
    source, properties::text, traits::text, context::text, kafka_partition, kafka_offset
from events
"""
QUARANTINED = EVENTS.replace("from events", ", violations from events_quarantined")
IDENTIFIERS = """
select
    profile_id, identifier_type, identifier_value,
    (extract(epoch from first_seen_at) * 1000000)::bigint,
    (extract(epoch from last_seen_at) * 1000000)::bigint
from identifiers
"""
PROFILES = """
select
    profile_id, user_id, email, phone,
    (extract(epoch from first_seen_at) * 1000000)::bigint,
    (extract(epoch from last_seen_at) * 1000000)::bigint,
    event_count, order_count, revenue, devices
from profiles
"""


def assert_as_expected(
    connection: psycopg.Connection, expected: Expected, *, topic: str | None = None
) -> None:
    """Compare every public relation with the oracle's, and account for every message.

    topic: also its dead letters; without one, the messages were landed without a connector.
    """
    events = read_events(connection)
    quarantined = read_quarantined(connection)
    dead = read_dead_letters(connection, topic) if topic else expected.dead_letters
    assert_same("dead letters", dead, expected.dead_letters)
    assert_same("events", events, expected.events)
    assert_same("events_quarantined", quarantined, expected.quarantined)
    assert_same("profiles", read_profiles(connection), expected.profiles)
    accounted = len(events) + expected.duplicates + len(quarantined) + len(dead)
    assert accounted == expected.messages


def assert_all_views_maintained(connection: psycopg.Connection) -> None:
    """Compare each maintained view with its SELECT; there are some."""
    views = connection.execute("select view_name from penstock.views").fetchall()
    assert {"int_identifiers_seen", "int_profile_totals"} <= {view for (view,) in views}
    assert views_found_wrong(connection) == set()


def views_found_wrong(connection: psycopg.Connection) -> set[str]:
    """Name the maintained views that are not what their SELECT gives."""
    wrong = set()
    for schema, view in connection.execute("select schema_name, view_name from penstock.views"):
        try:
            assert_maintained(connection, f"{schema}.{view}")
        except NotMaintained:
            wrong.add(view)
    return wrong


def assert_same(what: str, got: Iterable[Hashable], want: Iterable[Hashable]) -> None:
    """Compare as bags, and show the first of those that differ."""
    got_bag, want_bag = Counter(got), Counter(want)
    missing, extra = want_bag - got_bag, got_bag - want_bag
    lines = [f"  missing: {row!r}"[:2_000] for row in list(missing)[:SHOWN]]
    lines += [f"  not expected: {row!r}"[:2_000] for row in list(extra)[:SHOWN]]
    told = f"{what}: {missing.total()} missing, {extra.total()} not expected"
    assert not lines, "\n".join([told, *lines])


def read_events(connection: psycopg.Connection) -> list[Event]:
    """Read relation `events`."""
    rows = connection.execute(EVENTS)
    return [_event(row) for row in rows]


def read_quarantined(connection: psycopg.Connection) -> list[tuple[Event, frozenset[str]]]:
    """Read relation `events_quarantined`; a violation is named once."""
    rows = connection.execute(QUARANTINED.encode())
    found = []
    for *row, violations in rows:
        assert len(violations) == len(set(violations)), violations
        found.append((_event(row), frozenset(violations)))
    return found


def read_dead_letters(connection: psycopg.Connection, topic: str) -> set[tuple[int, int]]:
    """Read where the dead letters of a topic are."""
    rows = connection.execute(
        'select partition, "offset" from penstock.dead_letters where topic = %s', (topic,)
    )
    return {(partition, offset) for partition, offset in rows}


def read_profiles(connection: psycopg.Connection) -> list[Profile]:
    """Read `profiles` with `identifiers` in place of their names, which must agree."""
    named: dict[str, set[Identifier]] = {}
    for profile_id, *identifier in connection.execute(IDENTIFIERS):
        named.setdefault(profile_id, set()).add(Identifier(*identifier))
    rows = connection.execute(PROFILES).fetchall()
    ids = [profile_id for profile_id, *_ in rows]
    assert len(ids) == len(set(ids)), "a profile_id is there twice"
    assert set(ids) == set(named), "identifiers and profiles name other profiles"
    return [Profile(frozenset(named[profile_id]), *row) for profile_id, *row in rows]


def _event(row: Iterable[Any]) -> Event:
    event = Event(*row)
    return event._replace(
        properties=_json(event.properties),
        traits=_json(event.traits),
        context=_json(event.context),
    )


def _json(text: str | None) -> Any:
    if text is None:
        return None
    return comparable(json.loads(text, parse_float=Decimal, parse_int=Decimal))
