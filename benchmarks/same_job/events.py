"""The input: the generator's messages that every contestant can read, and what must come out.

Peers have no dead letters, so messages that are no JSON object, or whose fields the job reads and
cannot, are left out here. What stays: about 4 % are delivered again under the same message id,
3 % are late, 3 % are of types that the job drops. A second delivery differs from the first in
`receivedAt` alone, which the job does not read, so any contestant may keep either of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from zlib import crc32

import orjson

from benchmarks.stack import PARTITIONS
from penstock.demo.generator import Message, messages

TYPES = ("track", "page", "identify", "screen")
# Every contestant has done this much, and rests, before its time runs.
WARM_SHARE = 0.25
# The generator's own form: of one length and in UTC, so that text orders as time does.
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

# Events, items ordered, first and last timestamp of a device.
Totals = tuple[int, int, str, str]
Devices = dict[str, Totals]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, and its partition, chosen here so that it is known how many each one has."""

    partition: int
    key: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Input:
    """What is sent, and the rows that the job makes of it.

    warm_kept and kept: events that are counted, of the right type and once each, in the first
    `warm` messages and in all of them.
    """

    warm: list[Sent]
    rest: list[Sent]
    warm_kept: int
    kept: int
    devices: Devices

    @property
    def events(self) -> int:
        """Messages in all."""
        return len(self.warm) + len(self.rest)

    @property
    def bytes_each(self) -> float:
        """Mean length of a message's value."""
        return sum(len(sent.value) for sent in (*self.warm, *self.rest)) / self.events

    def check(self, contestant: str, found: Devices) -> None:
        """Compare a contestant's rows with ours, every one in full."""
        if found == self.devices:
            return
        wrong = [name for name in self.devices | found if self.devices.get(name) != found.get(name)]
        name = min(wrong)
        raise RuntimeError(
            f"{contestant}: {len(wrong)} of {len(self.devices)} rows differ; {name} is"
            f" {found.get(name)} instead of {self.devices.get(name)}"
        )


def make_input(number: int) -> Input:
    """Make so many messages, and do the job for them in plain Python."""
    warm = round(number * WARM_SHARE)
    sent: list[Sent] = []
    job = _Job()
    for message, event in islice(_readable(number), number):
        assert message.key is not None
        assert message.value is not None
        sent.append(Sent(crc32(message.key) % PARTITIONS, message.key, message.value))
        job.add(event)
        if len(sent) == warm:
            warm_kept = len(job.seen)
    return Input(sent[:warm], sent[warm:], warm_kept, len(job.seen), job.devices)


@dataclass(slots=True)
class _Job:
    seen: set[str] = field(default_factory=set)
    devices: Devices = field(default_factory=dict)

    def add(self, event: dict[str, object]) -> None:
        name, device, at = (str(event[key]) for key in ("messageId", "anonymousId", "timestamp"))
        if event["type"] not in TYPES or name in self.seen:
            return
        self.seen.add(name)
        events, items, first, last = self.devices.get(device, (0, 0, at, at))
        items += _items(event)
        self.devices[device] = (events + 1, items, min(first, at), max(last, at))


def _readable(number: int) -> Iterator[tuple[Message, dict[str, object]]]:
    # More than are needed: how many people there are follows from the number asked for.
    made = (message for seed in count(1) for message in messages(number + number // 10, seed=seed))
    for message in made:
        try:
            event = orjson.loads(message.value or b"")
        except orjson.JSONDecodeError:
            continue
        if isinstance(event, dict) and _is_readable(event):
            yield message, event


def _is_readable(event: dict[str, object]) -> bool:
    texts = [event.get(key) for key in ("messageId", "type", "anonymousId", "timestamp")]
    return (
        all(isinstance(text, str) and text for text in texts)
        and _TIMESTAMP.fullmatch(str(texts[-1])) is not None
        and isinstance(event.get("properties", {}), dict)
        and type(_items(event)) is int
    )


def _items(event: dict[str, object]) -> int:
    properties = event.get("properties", {})
    assert isinstance(properties, dict)
    found: int = properties.get("quantity", 0)
    return found
