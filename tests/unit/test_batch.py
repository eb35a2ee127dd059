"""When a batch goes, and what it does to offsets."""

from penstock.sources.batch import Advance, Batch, Limits, Place
from penstock.sources.decode import DeadLetter, Message, Row

ZERO, ONE = Place("events", 0), Place("events", 1)
POSITIONS = {ZERO: 10, ONE: 0}


def message(offset: int, partition: int = 0, value: bytes | None = b"{}") -> Message:
    return Message("events", partition, offset, 1_000 + offset, None, value, None)


def offsets(batch: Batch) -> list[int]:
    return [outcome.message.offset for outcome in batch.outcomes]


def test_an_empty_batch_is_never_due() -> None:
    batch = Batch(Limits())

    assert not batch
    assert not batch.is_due(now=1e9, drained=True)


def test_an_idle_streams_message_goes_at_once() -> None:
    batch = Batch(Limits(rows=100, seconds=60))
    batch.add([message(10)], POSITIONS, now=5.0)

    assert batch.is_due(now=5.0, drained=True)
    assert not batch.is_due(now=5.0, drained=False)


def test_no_message_waits_longer_than_the_limit() -> None:
    batch = Batch(Limits(rows=100, seconds=0.05))
    batch.add([message(10)], POSITIONS, now=5.0)
    batch.add([message(11)], POSITIONS, now=5.04)

    assert not batch.is_due(now=5.049, drained=False)
    assert batch.is_due(now=5.051, drained=False)


def test_a_batch_goes_beside_another_once_it_is_half_as_large() -> None:
    batch = Batch(Limits(rows=10_000, seconds=60))
    batch.add([message(10 + n) for n in range(499)], POSITIONS, now=0.0)
    assert not batch.is_large()

    batch.add([message(509 + n) for n in range(101)], POSITIONS, now=0.0)
    assert batch.is_large()
    assert batch.is_large(beside=1_200)
    assert not batch.is_large(beside=1_300)


def test_a_full_batch_goes_beside_any_other() -> None:
    batch = Batch(Limits(rows=3, seconds=60))
    batch.add([message(10), message(11), message(12)], POSITIONS, now=0.0)
    assert batch.is_large(beside=25_000)


def test_a_batch_is_full_by_rows() -> None:
    batch = Batch(Limits(rows=3, seconds=60))
    batch.add([message(10), message(11)], POSITIONS, now=0.0)

    assert batch.room() == 1
    batch.add([message(12)], POSITIONS, now=0.0)
    assert batch.room() == 0
    assert batch.is_due(now=0.0, drained=False)


def test_a_batch_is_full_by_bytes_which_the_last_message_may_pass() -> None:
    batch = Batch(Limits(rows=1_000, bytes=100, seconds=60))
    batch.add([message(10, value=b"x" * 99)], POSITIONS, now=0.0)

    assert batch.room() == 999
    batch.add([message(11, value=b"x" * 500)], POSITIONS, now=0.0)
    assert batch.room() == 0


def test_dead_letters_take_their_place_in_the_order() -> None:
    batch = Batch(Limits())
    batch.add([message(10), message(11, value=None), message(12)], POSITIONS, now=0.0)

    assert [type(outcome) for outcome in batch.outcomes] == [Row, DeadLetter, Row]
    assert batch.advances == {ZERO: Advance(10, 13)}


def test_offsets_start_where_reading_stood_even_across_a_gap() -> None:
    batch = Batch(Limits())
    batch.add([message(17), message(20)], POSITIONS, now=0.0)
    batch.add([message(25), message(3, partition=1)], POSITIONS, now=0.0)

    assert batch.advances == {ZERO: Advance(10, 26), ONE: Advance(0, 4)}
    assert batch.positions_after(POSITIONS) == {ZERO: 26, ONE: 4}


def test_a_message_read_twice_lands_once() -> None:
    batch = Batch(Limits())
    batch.add([message(9), message(10), message(11)], POSITIONS, now=0.0)
    batch.add([message(11), message(10), message(12)], POSITIONS, now=0.0)

    assert offsets(batch) == [10, 11, 12]


def test_a_message_of_a_partition_that_is_not_ours_is_left_out() -> None:
    batch = Batch(Limits())
    batch.add([message(5, partition=2)], POSITIONS, now=0.0)

    assert not batch
    assert batch.outcomes == []


def test_an_end_behind_the_last_message_is_reached_without_a_row() -> None:
    batch = Batch(Limits())
    batch.add([message(10)], POSITIONS, now=1.0)
    batch.reach(ZERO, 12, POSITIONS, now=1.0)
    batch.reach(ONE, 0, POSITIONS, now=1.0)
    batch.reach(Place("other", 0), 7, POSITIONS, now=1.0)

    assert batch.advances == {ZERO: Advance(10, 12)}
    assert len(batch.outcomes) == 1


def test_an_end_alone_makes_a_batch() -> None:
    batch = Batch(Limits())
    batch.reach(ONE, 2, POSITIONS, now=1.0)

    assert batch
    assert batch.is_due(now=1.0, drained=True)
    assert batch.oldest_ms is None


def test_the_oldest_message_tells_the_freshness() -> None:
    batch = Batch(Limits())
    batch.add([message(30), message(31)], POSITIONS, now=0.0)
    batch.add([message(2, partition=1)], POSITIONS, now=0.0)

    assert batch.oldest_ms == 1_002


def test_batches_of_different_partitions_become_one() -> None:
    one, other = Batch(Limits()), Batch(Limits())
    one.add([message(10, value=b"{}")], {ZERO: 10}, now=7.0)
    other.add([message(0, 1, b"oops"), message(1, 1)], {ONE: 0}, now=5.0)

    one.take(other)

    assert [outcome.message.partition for outcome in one.outcomes] == [0, 1, 1]
    assert one.advances == {ZERO: Advance(10, 11), ONE: Advance(0, 2)}
    assert (one.bytes, one.opened_at, one.oldest_ms) == (8, 5.0, 1_000)


def test_a_batch_takes_nothing_from_an_empty_one() -> None:
    batch = Batch(Limits())
    batch.take(Batch(Limits()))

    assert not batch
    assert batch.opened_at is None
