"""A mended rule admits what it wrongly held back; nothing is sent again."""

import json
from collections.abc import Callable

from comparing import assert_all_views_maintained, assert_as_expected
from hostile import event
from landing import land
from oracle import FIVE_MINUTES, SECOND, Message, expect

from penstock.testing.services import Database

AN_HOUR = 3_600 * SECOND


def told() -> list[Message]:
    """A shop whose clocks are wrong: ten minutes, and a day."""
    first = "2026-03-01T10:00:00Z"
    events = [
        event(1, anonymousId="a-1", userId=None, receivedAt=first, timestamp=first),
        event(2, anonymousId="a-1", timestamp="2026-03-01T10:10:00Z"),
        event(3, anonymousId="a-2", timestamp="2026-03-01T10:10:00Z"),
        event(4, anonymousId="a-3", timestamp="2026-03-02T10:00:00Z"),
        # Its first delivery is held back, its second is not: healed, the first one wins.
        event(5, anonymousId="a-4", timestamp="2026-03-01T10:30:00Z", userId="u-first"),
        event(5, anonymousId="a-4", receivedAt="2026-03-01T10:30:00Z", userId="u-second"),
        event(6, anonymousId="a-5", timestamp="2026-03-01T10:10:00Z", properties={"revenue": -1}),
    ]
    return [
        Message(0, offset, 1_772_359_200_000, json.dumps(value).encode())
        for offset, value in enumerate(events)
    ]


def test_a_larger_tolerance_admits_what_the_smaller_one_held_back(
    warehouse: Database, dbt: Callable[..., None]
) -> None:
    messages = told()
    land(warehouse.connection, messages)
    strict = expect(messages, future_tolerance=FIVE_MINUTES)
    mended = expect(messages, future_tolerance=AN_HOUR)
    assert [len(strict.events), len(strict.quarantined)] == [2, 5]
    assert [len(mended.events), len(mended.quarantined)] == [4, 2]
    assert_as_expected(warehouse.connection, strict)

    dbt(warehouse.url, "run", "--vars", "{future_tolerance: 1 hour}")

    assert_as_expected(warehouse.connection, mended)
    assert_all_views_maintained(warehouse.connection)
    # The mended rule holds for what comes after it, too.
    late = event(7, anonymousId="a-3", timestamp="2026-03-01T10:59:00Z")
    messages.append(Message(1, 0, 1_772_359_200_000, json.dumps(late).encode()))
    land(warehouse.connection, messages[-1:])
    assert_as_expected(warehouse.connection, expect(messages, future_tolerance=AN_HOUR))
    assert_all_views_maintained(warehouse.connection)
