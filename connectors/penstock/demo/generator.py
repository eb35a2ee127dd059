"""Segment-spec messages as a web shop would send them, with everything that goes wrong.

Deterministic: the same count and seed give the same messages. Memory stays flat: people are
computed from their number, and only the last few thousand messages are kept, to be sent again.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import orjson

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
EVENTS_A_PERSON = 20
# How many of the last messages may be delivered again.
REMEMBERED = 4_096

_PRODUCTS = tuple(
    (f"SKU-{1000 + i}", name, price)
    for i, (name, price) in enumerate(
        [
            ("Trail Shoe", 119.0), ("Rain Jacket", 189.5), ("Wool Sock", 14.9), ("Head Torch", 49.0),
            ("Tent, two people", 329.0), ("Stove", 64.95), ("Water Filter", 39.9), ("Map of Tyrol", 12.0),
        ]
    )
)  # fmt: skip
_PAGES = (
    "/",
    "/sale",
    "/shoes",
    "/jackets",
    "/tents",
    "/cart",
    "/account",
    "/journal/packing-list",
)
_AGENTS = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
)
_FIRST = ("Ada", "Björn", "Chloé", "Dmitri", "Eun-ji", "Fatima", "Grzegorz", "Hanna")


@dataclass(frozen=True, slots=True)
class Message:
    """One Kafka message. value is None for a tombstone."""

    key: bytes | None
    value: bytes | None


def messages(count: int, *, seed: int = 1) -> Iterator[Message]:
    """Give `count` messages in the order in which a shop's collectors would send them.

    About 4 % are sent again, 3 % are late, 2 % break a rule and 0.5 % cannot be read.
    """
    random = Random(seed)  # noqa: S311  not for secrets
    recent: deque[Message] = deque(maxlen=REMEMBERED)
    people = max(10, count // EVENTS_A_PERSON)
    now = START + timedelta(days=400 * (seed - 1))
    for number in range(count):
        now += timedelta(milliseconds=random.randrange(1, 120))
        roll = random.random()
        if roll < 0.005:
            yield Message(None, random.choice(_UNREADABLE))
            continue
        if roll < 0.045 and recent:
            yield _again(random.choice(recent), now)
            continue
        event, key = _event(random, number, seed, people, now)
        if roll < 0.065:
            random.choice(_BREAKERS)(event, random)
        message = Message(key.encode(), orjson.dumps(event))
        recent.append(message)
        yield message


def _event(
    random: Random, number: int, seed: int, people: int, now: datetime
) -> tuple[dict[str, object], str]:
    """One good event, and the message's key."""
    # A few people do most of the visiting.
    person = int(people * random.random() ** 2)
    anonymous = _device(random, seed, person, people)
    user = f"user-{seed}-{person:06d}"
    kind = random.choices(
        ("track", "page", "identify", "screen", "group", "alias"), (55, 28, 9, 5, 2, 1)
    )[0]
    # Clients buffer: one event in thirty was made up to six hours before it was received.
    made = now - timedelta(seconds=random.randrange(21_600) if random.random() < 0.03 else 0)
    event: dict[str, object] = {
        "messageId": f"msg-{seed}-{number:09d}-{random.getrandbits(48):012x}",
        "type": kind,
        "anonymousId": anonymous,
        "timestamp": _iso(made),
        "sentAt": _iso(now),
        "receivedAt": _iso(now + timedelta(milliseconds=random.randrange(20, 900))),
        "context": {
            "ip": f"198.51.100.{person % 250}",
            "userAgent": random.choice(_AGENTS),
            "locale": "de-AT",
            "page": {"path": random.choice(_PAGES), "referrer": "https://search.example/"},
            "library": {"name": "analytics.js", "version": "4.2.0"},
        },
    }
    if kind in ("identify", "alias", "group") or random.random() < 0.45:
        event["userId"] = user
    _DETAILS[kind](event, random, seed, person, people)
    return event, anonymous


def _device(random: Random, seed: int, person: int, people: int) -> str:
    """A person has one to four devices; some families share a tablet."""
    if person % 17 == 0 and random.random() < 0.2:
        return f"anon-{seed}-shared-{person // 34:06d}"
    device = random.randrange(1 + person % 4)
    return f"anon-{seed}-{person:06d}-{device}-{(person * 7919 + device) % 65_521:04x}"


def _track(
    event: dict[str, object],
    random: Random,
    seed: int,
    person: int,
    people: int,
) -> None:
    sku, name, price = random.choice(_PRODUCTS)
    step = random.choices(("Product Viewed", "Product Added", "Order Completed"), (70, 20, 10))[0]
    event["event"] = step
    properties: dict[str, object] = {"sku": sku, "name": name, "currency": "EUR"}
    quantity = random.randrange(1, 4)
    if step == "Order Completed":
        field = "revenue" if random.random() < 0.8 else "total"
        properties |= {field: round(price * quantity, 2), "quantity": quantity}
        properties["orderId"] = f"ord-{random.getrandbits(32):08x}"
    else:
        properties["price"] = price
    event["properties"] = properties


def _identify(
    event: dict[str, object],
    random: Random,
    seed: int,
    person: int,
    people: int,
) -> None:
    first = _FIRST[person % len(_FIRST)]
    email = f"{first}.{person}@Example{seed}.com"
    traits: dict[str, object] = {"firstName": first, "email": f" {email} "}
    if random.random() < 0.5:
        traits["phone"] = f"+43 (660) {person // 1000:03d}-{person % 1000:03d}"
    if random.random() < 0.2:
        # Mobile libraries send traits in the context.
        context = event["context"]
        assert isinstance(context, dict)  # noqa: S101  _event made it
        context["traits"] = {"email": email.upper()}
        traits.pop("email")
    event["traits"] = traits


def _alias(event: dict[str, object], random: Random, seed: int, person: int, people: int) -> None:
    """An old account of the same person; now and then another account altogether: a merge."""
    other = (person + 1) % people
    is_merge = random.random() < 0.2
    event["previousId"] = f"user-{seed}-{other:06d}" if is_merge else f"legacy-{seed}-{person}"


def _page(
    event: dict[str, object],
    random: Random,
    seed: int,
    person: int,
    people: int,
) -> None:
    event["properties"] = {"path": random.choice(_PAGES), "title": "Mountain Shop"}


def _group(
    event: dict[str, object],
    random: Random,
    seed: int,
    person: int,
    people: int,
) -> None:
    event["groupId"] = f"club-{person % 50}"
    event["traits"] = {"plan": random.choice(("free", "member"))}


_DETAILS: dict[str, Callable[[dict[str, object], Random, int, int, int], None]] = {
    "track": _track,
    "page": _page,
    "screen": _page,
    "identify": _identify,
    "group": _group,
    "alias": _alias,
}


def _again(message: Message, now: datetime) -> Message:
    """Deliver a message once more: the same messageId, received later."""
    event = orjson.loads(message.value or b"{}")
    event["receivedAt"] = _iso(now + timedelta(seconds=30))
    return Message(message.key, orjson.dumps(event))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _set(field: str, *values: object) -> Callable[[dict[str, object], Random], None]:
    def break_it(event: dict[str, object], random: Random) -> None:
        event[field] = random.choice(values)

    return break_it


def _set_amount(field: str, *values: object) -> Callable[[dict[str, object], Random], None]:
    def break_it(event: dict[str, object], random: Random) -> None:
        properties = event.setdefault("properties", {})
        assert isinstance(properties, dict)  # noqa: S101  _event made it
        properties[field] = random.choice(values)

    return break_it


def _nobody(event: dict[str, object], random: Random) -> None:
    event.pop("userId", None)
    event["anonymousId"] = ""


def _from_the_future(event: dict[str, object], random: Random) -> None:
    event["timestamp"] = _iso(START + timedelta(days=9_000 + random.randrange(1_000)))


def _nameless(event: dict[str, object], random: Random) -> None:
    event["type"] = "track"
    event.pop("event", None)


# What breaks a rule: each is quarantined under its own name.
_BREAKERS: tuple[Callable[[dict[str, object], Random], None], ...] = (
    _set("messageId", "", None),
    _set("messageId", {}, ["m"], True),
    _set("type", "purchase", "TRACK", None),
    _set("timestamp", "yesterday", "2026-02-30T10:00:00Z", "now", 1_772_352_000, True),
    _set("userId", {"id": 1}, [7], False),
    _set("properties", "none", [1, 2], 3),
    _set("context", "web", 5),
    _set_amount("revenue", -1, -99.5),
    _set_amount("revenue", "12.50", True, {}),
    _set_amount("total", -3),
    _set_amount("total", "free"),
    _set_amount("quantity", -2),
    _set_amount("quantity", [1]),
    _nobody,
    _from_the_future,
    _nameless,
)

# What nothing can be read from: dead letters.
_UNREADABLE: tuple[bytes | None, ...] = (
    None,
    b"",
    b"{",
    b'{"messageId": "cut off in the mid',
    b"not json at all",
    b'{"messageId": "\xff\xfe", "type": "track"}',
    b'{"messageId": "nul-\\u0000", "type": "track", "userId": "u"}',
    b'{"messageId": "nan", "type": "track", "userId": "u", "properties": {"revenue": NaN}}',
    b"[1, 2, 3]",
    b'"a string"',
    b"42",
)
