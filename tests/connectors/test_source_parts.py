"""The connector's small parts, without servers."""

import doctest
import logging
from types import ModuleType

import pytest

from penstock.sources import decode, offsets, outage
from penstock.sources.batch import Batch, Limits, Place
from penstock.sources.decode import Message
from penstock.sources.outage import Outage
from penstock.sources.stats import Progress


@pytest.mark.parametrize("module", [decode, offsets, outage], ids=lambda module: module.__name__)
def test_the_examples_in_docstrings_are_right(module: ModuleType) -> None:
    got = doctest.testmod(module)

    assert got.attempted > 0
    assert got.failed == 0


def test_an_outage_is_told_once_and_its_end_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "penstock.connect")
    kafka = Outage("Kafka")
    kafka.ends()
    delays = [kafka.begins("connection\n refused") for _ in range(20)]
    kafka.ends()
    kafka.ends()

    assert [record.message for record in caplog.records] == [
        "Kafka: connection refused; waiting",
        "Kafka: back",
    ]
    assert max(delays) <= Outage.LONGEST_DELAY


def test_an_outage_that_may_explain_itself_is_told_at_the_second_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    writing = Outage("writing")
    writing.begins("connection broken", at_once=False)
    writing.ends()
    assert caplog.records == []

    writing.begins("connection broken", at_once=False)
    writing.begins("connection broken", at_once=False)
    assert [record.message for record in caplog.records] == ["writing: connection broken; waiting"]


def test_progress_sums_up_and_forgets_old_rates() -> None:
    batch = Batch(Limits())
    messages = [Message("t", 0, n, 1_000, None, b"{}", None) for n in range(100)]
    batch.add(messages, {Place("t", 0): 0}, now=0.0)
    progress = Progress()
    progress.committed(batch, dead_letters=1, wall=1.5, now=10.0)
    progress.committed(batch, dead_letters=0, wall=2.0, now=11.0)

    got = progress.stats(12.0, lag=5, partitions=4)
    assert (got.messages, got.dead_letters, got.batches) == (200, 1, 2)
    assert (got.rate, got.lag, got.partitions) == (100.0, 5, 4)
    assert got.freshness_seconds == 1.0
    assert progress.stats(20.0).rate == 0.0
