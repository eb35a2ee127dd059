"""The stream of benchmarks/growth.py: new ids and new people for ever, as the generator has."""

import re
from itertools import islice

from benchmarks.growth import pool, stream

SIZE, ROUNDS = 4_000, 5
TEMPLATES = pool(SIZE)
SENT = list(islice(stream(TEMPLATES), SIZE * ROUNDS))
TEXT = [value for _, value in SENT if value]


def found(pattern: bytes, values: list[bytes]) -> list[bytes]:
    return [match for value in values for match in re.findall(pattern, value)]


def test_ids_come_again_only_where_the_generator_sends_again() -> None:
    first = found(rb'"messageId":"(msg-[^"]+)"', TEXT[: SIZE // 2])
    ids = found(rb'"messageId":"(msg-[^"]+)"', TEXT)
    again = 1 - len(set(ids)) / len(ids)
    assert 0.02 < again < 0.06
    assert not set(first) & set(found(rb'"messageId":"(msg-[^"]+)"', TEXT[SIZE:]))


def test_new_people_keep_coming_and_old_ones_come_back() -> None:
    users = [set(found(rb'"userId":"(user-\d+-\d+)"', TEXT[at : at + SIZE])) for at in
             range(0, SIZE * (ROUNDS - 1), SIZE)]  # fmt: skip
    so_far: set[bytes] = set()
    for seen in users:
        assert len(seen - so_far) > SIZE // 20 // 4, "nobody new"
        assert not so_far or seen & so_far, "nobody came back"
        so_far |= seen


def test_nothing_of_the_seed_is_left() -> None:
    first = [value for value in TEXT[: SIZE // 2] if b"messageId" in value]
    assert found(rb"-9-|msg-@|2034-12", first) == []
    assert {key[:7] for key, _ in SENT[:SIZE] if key} == {b"anon-0-"}


def test_a_message_that_is_sent_again_is_of_the_same_person() -> None:
    whose: dict[bytes, set[bytes]] = {}
    for value in TEXT:
        for name in found(rb'"messageId":"(msg-[^"]+)"', [value]):
            whose.setdefault(name, set()).update(found(rb'"anonymousId":"(anon-[^"]+)"', [value]))
    assert max(len(people) for people in whose.values()) == 1
