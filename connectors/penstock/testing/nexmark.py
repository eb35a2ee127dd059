"""Nexmark's events: of each 50, one person, three auctions, 46 bids; the same for the same seed.

Proportions, hot keys and value ranges follow the generator of Apache Beam's Nexmark suite, the
code is our own. Ten events come a second, so that windows of ten seconds hold a hundred.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg

PERSONS, AUCTIONS, ROUND = 1, 3, 50
FIRST = 1000
START = datetime(2026, 1, 1, 7, 59)  # noqa: DTZ001 - Nexmark's times have no zone
STATES = ("AZ", "CA", "ID", "OR", "WA", "WY")
CHANNELS = ("Google", "Facebook", "Baidu", "Apple")
Event = tuple[str, tuple[Any, ...]]
"""(table, row)."""


def events(first: int, count: int, seed: int = 1) -> Iterator[Event]:
    """Give the events numbered from `first`; each depends on the seed and its number only."""
    for number in range(first, first + count):
        dice = random.Random(seed << 40 | number)  # noqa: S311 - not a secret
        turn, place = divmod(number, ROUND)
        when = START + timedelta(milliseconds=100 * number)
        if place < PERSONS:
            yield "person", _person(dice, turn, when)
        elif place < PERSONS + AUCTIONS:
            yield "auction", _auction(dice, turn, turn * AUCTIONS + place - PERSONS, when)
        else:
            yield "bid", _bid(dice, turn, when)


def add(connection: psycopg.Connection, first: int, count: int, seed: int = 1) -> None:
    """Insert a batch of events, in one transaction."""
    rows: dict[str, list[tuple[Any, ...]]] = {"person": [], "auction": [], "bid": []}
    for table, row in events(first, count, seed):
        rows[table].append(row)
    with connection.transaction(), connection.cursor() as cursor:
        for table, listed in rows.items():
            with cursor.copy(f"copy {table} from stdin".encode()) as copy:
                for row in listed:
                    copy.write_row(row)


def load(connection: psycopg.Connection, count: int) -> None:
    """Fill the tables with the first events, and the side input."""
    connection.execute(
        "insert into side_input select i, 'value ' || i from generate_series(0, 99) as i"
    )
    add(connection, 0, count)
    connection.execute("analyze")


def _person(dice: random.Random, turn: int, when: datetime) -> tuple[Any, ...]:
    name = f"{dice.choice('ABCDEFGH')}. {dice.choice(('Abrams', 'Shultz', 'Walton'))}"
    card = " ".join(f"{dice.randrange(10_000):04}" for _ in range(4))
    city, state = dice.choice(("Phoenix", "Bend", "Boise")), dice.choice(STATES)
    return FIRST + turn, name, f"{turn}@example.org", card, city, state, when, "extra"


def _auction(dice: random.Random, turn: int, number: int, when: datetime) -> tuple[Any, ...]:
    initial = _price(dice)
    expires = when + timedelta(seconds=dice.randrange(1, 40))
    # Three sellers in four are the hot one of their time.
    seller = FIRST + (
        turn - turn % 4 if dice.random() < 0.75 else max(0, turn - dice.randrange(50))
    )
    return (
        FIRST + number,
        f"item {dice.randrange(1000)}",
        "description",
        initial,
        initial + _price(dice),
        when,
        expires,
        FIRST + seller,
        10 + dice.randrange(5),
        "extra",
    )


def _bid(dice: random.Random, turn: int, when: datetime) -> tuple[Any, ...]:
    latest = turn * AUCTIONS + AUCTIONS - 1
    auction = latest - latest % 10 if dice.random() < 0.5 else max(0, latest - dice.randrange(30))
    bidder = turn - turn % 4 + 1 if dice.random() < 0.75 else max(0, turn - dice.randrange(50))
    number = dice.randrange(100)
    hot = number < 50
    channel = dice.choice(CHANNELS) if hot else f"channel-{number}"
    url = f"https://www.example.org/{dice.choice('abc')}/{dice.choice('def')}/item.htm?query=1"
    if not hot and number < 95:
        url += f"&channel_id={number}"
    extra = "".join(dice.choices("abcdef", k=8))
    return FIRST + auction, FIRST + bidder, _price(dice), channel, url, when, extra


def _price(dice: random.Random) -> int:
    return round(100 * 10 ** (6 * dice.random()))
