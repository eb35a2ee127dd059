"""What the public relations must show for the messages of a topic, without a database.

Written from section 4 of the design, not from the models, so that the two can be compared: one
pass over the messages, dictionaries and a union-find where the models have views. Times are
microseconds since 1970, numbers are Decimals. Where the design leaves a choice, it is said here.
"""

import calendar
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from functools import reduce
from typing import Any, NamedTuple

EPOCH = date(1970, 1, 1)
SECOND = 1_000_000
FIVE_MINUTES = 300 * SECOND
TYPES = ("track", "identify", "page", "screen", "group", "alias")
# The fields of an event that are text, times and objects, with the names of their violations.
TEXTS = {
    "messageId": "message_id",
    "type": "type",
    "event": "event",
    "userId": "user_id",
    "anonymousId": "anonymous_id",
    "previousId": "previous_id",
    "groupId": "group_id",
}
TIMES = {"timestamp": "timestamp", "sentAt": "sent_at", "receivedAt": "received_at"}
OBJECTS = ("properties", "traits", "context")
AMOUNTS = ("revenue", "total", "quantity")
# The documented limits of PostgreSQL's numeric, and of the connector's nesting.
DIGITS_BEFORE_THE_POINT = 131_072
DIGITS_AFTER_THE_POINT = 16_383
LEVELS = 1_024
WIDE = Context(prec=2 * DIGITS_BEFORE_THE_POINT)

ISO_8601 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?)?",
    re.ASCII,
)
BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])', re.DOTALL)


class Message(NamedTuple):
    """A message of the topic; value is None for a tombstone."""

    partition: int
    offset: int
    timestamp_ms: int
    value: bytes | None


class Event(NamedTuple):
    """A delivery, read; objects are in `comparable` form."""

    message_id: str | None
    type: str | None
    event: str | None
    user_id: str | None
    anonymous_id: str | None
    previous_id: str | None
    email: str | None
    phone: str | None
    occurred_at: int | None
    received_at: int
    source: str | None
    properties: Any
    traits: Any
    context: Any
    kafka_partition: int
    kafka_offset: int


class Identifier(NamedTuple):
    """A row of `identifiers`, less the name of its profile."""

    type: str
    value: str
    first_seen_at: int
    last_seen_at: int


class Profile(NamedTuple):
    """A row of `profiles`, with its identifiers in place of its name."""

    identifiers: frozenset[Identifier]
    user_id: str | None
    email: str | None
    phone: str | None
    first_seen_at: int
    last_seen_at: int
    event_count: int
    order_count: int
    revenue: Decimal
    devices: int


@dataclass
class Expected:
    """What a reader must find."""

    messages: int = 0
    duplicates: int = 0
    dead_letters: set[tuple[int, int]] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)
    quarantined: list[tuple[Event, frozenset[str]]] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)

    def groups(self) -> set[frozenset[tuple[str, str]]]:
        """Who is one person: sets of (identifier type, value)."""
        return {frozenset((i.type, i.value) for i in p.identifiers) for p in self.profiles}


def expect(messages: Iterable[Message], *, future_tolerance: int = FIVE_MINUTES) -> Expected:
    """Judge, deduplicate and unify; future_tolerance is in microseconds."""
    expected = Expected()
    first: dict[str, Event] = {}
    amounts: dict[tuple[int, int], Decimal | None] = {}
    for message in messages:
        expected.messages += 1
        payload = read_json(message.value)
        if not isinstance(payload, dict):
            expected.dead_letters.add((message.partition, message.offset))
            continue
        event, violations = judge(message, payload, future_tolerance)
        if violations:
            expected.quarantined.append((event, violations))
            continue
        amounts[message.partition, message.offset] = _amount_of(payload)
        known = first.setdefault(str(event.message_id), event)
        if known is not event:
            expected.duplicates += 1
            first[str(event.message_id)] = min(known, event, key=_order_of_arrival)
    expected.events = list(first.values())
    expected.profiles = list(unify(expected.events, amounts))
    return expected


def read_json(value: bytes | None) -> Any:
    """Read what PostgreSQL's jsonb would hold; None for whatever it refuses.

    A key that is there twice has its last value, but all of them must be readable.
    """
    if value is None or _depth(value) > LEVELS:
        return None
    try:
        return json.loads(
            value.decode("utf-8"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_refuse,
            object_pairs_hook=_object,
        )
    except (ValueError, InvalidOperation):
        return None


def _depth(value: bytes) -> int:
    """How deep brackets go; the parser must not be the one to find out."""
    depth = deepest = 0
    if value.count(b"{") + value.count(b"[") <= LEVELS // 2:
        return 0
    for match in BRACKETS.finditer(value):
        depth += bool(match[1]) - bool(match[2])
        deepest = max(deepest, depth)
    return deepest


def _number(text: str) -> Decimal:
    """Read a number as `numeric` has it: no sign on zero, no exponent."""
    number = Decimal(text)
    _, _, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    if -exponent > DIGITS_AFTER_THE_POINT or number.adjusted() >= DIGITS_BEFORE_THE_POINT:
        raise ValueError("beyond numeric")
    return abs(number) if number.is_zero() else number


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; its texts must be UTF-8 (no lone surrogates) without NUL."""
    for key, value in pairs:
        _check_text(key)
        _check_texts(value)
    return dict(pairs)


def _check_texts(value: Any) -> None:
    """Check a value; an object in it has been checked when it was made."""
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, list):
        for item in value:
            _check_texts(item)


def _check_text(text: str) -> None:
    # A lone surrogate raises UnicodeEncodeError, which is a ValueError.
    if b"\0" in text.encode("utf-8"):
        raise ValueError("NUL")


def number_as_text(number: Decimal) -> str:
    """Write a number as PostgreSQL does.

    >>> [number_as_text(Decimal(text)) for text in ("1E+2", "1.50", "1.5e-3", "0e5")]
    ['100', '1.50', '0.0015', '0']
    """
    _, _, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    if number.is_zero():
        return "0." + "0" * -exponent if exponent < 0 else "0"
    return format(number, "f")


def comparable(value: Any) -> Any:
    """Turn JSON into what compares exactly and hashes: true is not 1, and 1.0 is not 1.00."""
    match value:
        case dict():
            return "object", frozenset((key, comparable(item)) for key, item in value.items())
        case list():
            return "array", tuple(comparable(item) for item in value)
        case Decimal():
            return "number", number_as_text(value)
        case bool():
            return "boolean", value
        case _:
            return value


def text_of(value: Any) -> str | None:
    """Read a field as text: a string, or a number as its text."""
    if isinstance(value, Decimal):
        return number_as_text(value)
    return value if isinstance(value, str) else None


def time_of(text: str | None) -> int | None:
    """Read ISO 8601 in its extended form; UTC where no zone is said, midnight where no time is."""
    match = ISO_8601.fullmatch(text or "")
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(match[n] or 0) for n in range(1, 7))
    if year == 0 or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    zone_hours, zone_minutes = int(match[10] or 0), int(match[11] or 0)
    # A leap second is the next second; the easternmost zone is +14.
    if hour > 23 or minute > 59 or second > 60 or zone_hours > 14 or zone_minutes > 59:
        return None
    east = (zone_hours * 60 + zone_minutes) * (-1 if match[9] == "-" else 1)
    seconds = (date(year, month, day) - EPOCH).days * 86_400 + hour * 3_600 + minute * 60 + second
    return (seconds - east * 60) * SECOND + round(float("0" + (match[7] or ".0")) * SECOND)


class Fields(NamedTuple):
    """The top level of a message, by its own names; what does not read is None."""

    text: dict[str, str | None]
    time: dict[str, int | None]
    inner: dict[str, dict[str, Any] | None]


def read_fields(payload: dict[str, Any]) -> tuple[Fields, set[str]]:
    """Read fields as their types, and name those that are there and do not read."""
    fields = Fields(
        {name: text_of(payload.get(name)) for name in TEXTS},
        {name: time_of(text_of(payload.get(name))) for name in TIMES},
        {name: v if isinstance(v := payload.get(name), dict) else None for name in OBJECTS},
    )
    columns = TEXTS | TIMES | {name: name for name in OBJECTS}
    read: dict[str, Any] = fields.text | fields.time | fields.inner
    # A null is as if it were not there.
    unread = (n for n in columns if read[n] is None and payload.get(n) is not None)
    return fields, {f"invalid_{columns[name]}" for name in unread}


def judge(
    message: Message, payload: dict[str, Any], future_tolerance: int
) -> tuple[Event, frozenset[str]]:
    """Read one message, and name the rules that it breaks."""
    fields, violations = read_fields(payload)
    text, time, inner = fields
    # A receivedAt that does not read is as none; a timestamp that does not read gives no time.
    kafka_time = message.timestamp_ms * 1_000
    received_at = kafka_time if time["receivedAt"] is None else time["receivedAt"]
    occurred_at = received_at if payload.get("timestamp") is None else time["timestamp"]
    context = inner["context"] or {}
    event = Event(
        message_id=text["messageId"],
        type=text["type"],
        event=text["event"],
        user_id=text["userId"] or None,
        anonymous_id=text["anonymousId"] or None,
        previous_id=text["previousId"] or None,
        email=normal_email(_trait(payload, "email")),
        phone=normal_phone(_trait(payload, "phone")),
        occurred_at=occurred_at,
        received_at=received_at,
        source=text_of(context.get("source")),
        properties=comparable(inner["properties"]),
        traits=comparable(inner["traits"]),
        context=comparable(inner["context"]),
        kafka_partition=message.partition,
        kafka_offset=message.offset,
    )
    violations |= _rules_broken(event, future_tolerance)
    violations |= _amounts_broken(inner["properties"] or {})
    return event, frozenset(violations)


def _rules_broken(event: Event, future_tolerance: int) -> set[str]:
    is_early = (
        event.occurred_at is not None and event.occurred_at > event.received_at + future_tolerance
    )
    broken = {
        "missing_message_id": not event.message_id,
        "unknown_type": event.type not in TYPES,
        "missing_identity": event.user_id is None and event.anonymous_id is None,
        "timestamp_in_future": is_early,
        "missing_event_name": event.type == "track" and not event.event,
    }
    return {name for name, is_broken in broken.items() if is_broken}


def _amounts_broken(properties: dict[str, Any]) -> set[str]:
    broken = set()
    for name in AMOUNTS:
        amount = properties.get(name)
        if amount is not None and not isinstance(amount, Decimal):
            broken.add(f"invalid_{name}")
        elif amount is not None and amount < 0:
            broken.add(f"negative_{name}")
    return broken


def _trait(payload: dict[str, Any], name: str) -> str | None:
    """Read a trait from `traits`, else from `context.traits`."""
    context = payload.get("context")
    places = payload.get("traits"), context.get("traits") if isinstance(context, dict) else None
    for place in places:
        found = text_of(place.get(name)) if isinstance(place, dict) else None
        if found is not None:
            return found
    return None


def normal_email(text: str | None) -> str | None:
    """Trim and lower-case."""
    return (text or "").strip(" \t\r\n").lower() or None


def normal_phone(text: str | None) -> str | None:
    """Keep + and digits."""
    return re.sub(r"[^0-9+]", "", text or "") or None


def _amount_of(payload: dict[str, Any]) -> Decimal | None:
    """What an order is worth: its revenue, else its total."""
    properties = payload.get("properties") or {}
    revenue, total = properties.get("revenue"), properties.get("total")
    return total if revenue is None else revenue


def _order_of_arrival(event: Event) -> tuple[int, int, int]:
    return event.received_at, event.kafka_partition, event.kafka_offset


def named_in(event: Event) -> Iterator[tuple[str, str]]:
    """Identifiers that an event names; previousId only where `alias` links it with a userId."""
    if event.user_id is not None:
        yield "user_id", event.user_id
    if event.anonymous_id is not None:
        yield "anonymous_id", event.anonymous_id
    if event.email is not None:
        yield "email", event.email
    if event.phone is not None:
        yield "phone", event.phone
    if event.type == "alias" and event.previous_id is not None and event.user_id is not None:
        yield "user_id", event.previous_id


def unify(events: list[Event], amounts: dict[tuple[int, int], Decimal | None]) -> Iterator[Profile]:
    """Group events by what they name, directly or by way of others."""
    parents: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        while parents.setdefault(node, node) != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    for event in events:
        one, *others = named_in(event)
        for other in others:
            parents[root(other)] = root(one)
        root(one)
    mine: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        mine.setdefault(root(next(named_in(event))), []).append(event)
    for shared in mine.values():
        yield _profile(shared, amounts)


def _profile(events: list[Event], amounts: dict[tuple[int, int], Decimal | None]) -> Profile:
    seen: dict[tuple[str, str], list[int]] = {}
    for event in events:
        for node in named_in(event):
            seen.setdefault(node, []).append(_when(event))
    newest_first = sorted(events, key=lambda e: (_when(e), e.message_id), reverse=True)

    def latest(column: str) -> str | None:
        return next((v for e in newest_first if (v := getattr(e, column)) is not None), None)

    orders = [e for e in events if (e.type, e.event) == ("track", "Order Completed")]
    revenue = [amounts[e.kafka_partition, e.kafka_offset] for e in orders]
    return Profile(
        identifiers=frozenset(
            Identifier(*node, min(times), max(times)) for node, times in seen.items()
        ),
        user_id=latest("user_id"),
        email=latest("email"),
        phone=latest("phone"),
        first_seen_at=min(map(_when, events)),
        last_seen_at=max(map(_when, events)),
        event_count=len(events),
        order_count=len(orders),
        revenue=exact_sum(amount for amount in revenue if amount is not None),
        devices=len({e.anonymous_id for e in events} - {None}),
    )


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """Add up without rounding: Python's own context would keep 28 digits."""
    return reduce(WIDE.add, amounts, Decimal(0))


def _when(event: Event) -> int:
    """An accepted event has a time."""
    assert event.occurred_at is not None
    return event.occurred_at
