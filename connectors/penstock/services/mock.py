"""librdkafka's in-process broker, for a demo on a machine without Java.

It lives as long as this process, keeps everything in memory (about 5 MB a partition before the
first message), and creates a topic when somebody writes to it. Nothing here survives a restart.
"""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from confluent_kafka import Producer

LIST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class MockBroker:
    """A running in-process broker; other processes can connect to it too."""

    bootstrap: str
    # The cluster lives inside this client and goes with it.
    owner: Producer

    def stop(self) -> None:
        """Send what is queued; the broker ends with the process or the last reference."""
        self.owner.flush(LIST_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start_mock() -> MockBroker:
    """Start an in-process broker of one node, on a free port of this machine."""
    owner = Producer({"test.mock.num.brokers": 1, "log_level": 0})
    [broker] = owner.list_topics(timeout=LIST_SECONDS).brokers.values()
    return MockBroker(f"{broker.host}:{broker.port}", owner)
