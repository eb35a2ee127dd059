"""The edge to Kafka: which partitions are ours, and their messages from the offsets we say.

Kafka's group decides who reads what; where reading starts is never Kafka's to say. A partition that
the group gives is *unplaced* until the loop has read its stored offset and calls `place`.
"""

import contextlib
import logging
import time
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from penstock.errors import PenstockError
from penstock.sources.batch import Place
from penstock.sources.decode import Message
from penstock.sources.laps import Laps
from penstock.sources.outage import Outage
from penstock.sources.settings import ConnectorSettings

log = logging.getLogger("penstock.connect")
# librdkafka repeats itself for as long as a broker is away; Outage says it once.
librdkafka_log = logging.getLogger("penstock.connect.librdkafka")
librdkafka_log.setLevel(logging.CRITICAL + 1)

# Fetched and not yet read, at most; a response under way may add FETCH_BYTES once more.
QUEUE_KILOBYTES = 16 << 10
FETCH_BYTES = 8 << 20
# The broker drops a connector that was silent for so long (kill -9 of one that does not return).
SESSION_TIMEOUT_MS = 10_000
# How soon new topics and partitions are seen.
METADATA_REFRESH_MS = 2_000
REQUEST_SECONDS = 5.0
COMMIT_EVERY_SECONDS = 1.0
PROBE_EVERY_SECONDS = 0.5
PROBE_SECONDS = 1.0


# What librdkafka says when nobody answers, or nobody lets us in.
AWAY = (
    KafkaError._ALL_BROKERS_DOWN,
    KafkaError._AUTHENTICATION,
    KafkaError._SSL,
    KafkaError._RESOLVE,
)


class ReaderLostError(Exception):
    """Kafka has given our membership to another, and only a new consumer can go on."""


class Watermarks(NamedTuple):
    """The first offset the broker still has, and the one after its last."""

    low: int
    high: int


class Reader:
    """A consumer of one group; not for several threads.

    assigned: what the group gave. placed: of these, what is being read.
    generation: changes when partitions come or go; what was read before is void then.
    laps: what reading takes; what the caller does between two reads, unless it says, is waiting.
    """

    def __init__(self, settings: ConnectorSettings, instance: str) -> None:
        self.assigned: set[Place] = set()
        self.placed: set[Place] = set()
        self.generation = 0
        self.outage = Outage(f"Kafka at {settings.kafka_bootstrap}")
        self.drained = True
        self.laps = Laps()
        self._ends: dict[Place, int] = {}
        self._probed_at = 0.0
        self._last_error: str | None = None
        self._fatal: str | None = None
        self._suspects = False
        self._to_commit: dict[Place, int] = {}
        self._committed_at = 0.0
        self._topics: list[str] = []
        self._missing: set[str] = set()
        self._consumer = _consumer(
            {
                "bootstrap.servers": settings.kafka_bootstrap,
                "group.id": settings.group,
                # A connector that returns after kill -9 is known by it and waits for nobody.
                "group.instance.id": instance,
                "client.id": instance,
                "partition.assignment.strategy": "roundrobin",
                "session.timeout.ms": SESSION_TIMEOUT_MS,
                "heartbeat.interval.ms": 1_000,
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                # An offset the broker does not have is ours to explain (offsets.py).
                "auto.offset.reset": "error",
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "allow.auto.create.topics": False,
                "topic.metadata.refresh.interval.ms": METADATA_REFRESH_MS,
                "queued.max.messages.kbytes": QUEUE_KILOBYTES,
                "fetch.max.bytes": FETCH_BYTES,
                "fetch.wait.max.ms": 100,
                # librdkafka waits a second when its queue was full; the queue is small here.
                "fetch.queue.backoff.ms": 5,
                "fetch.error.backoff.ms": 100,
                "socket.nagle.disable": True,
                "reconnect.backoff.ms": 50,
                "reconnect.backoff.max.ms": 1_000,
                "error_cb": self._on_error,
                "logger": librdkafka_log,
                **settings.kafka_options,
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._consumer.close()

    def subscribe(self, topics: Iterable[str]) -> None:
        """Read these topics from now on; one that does not exist yet is waited for."""
        wanted = sorted(topics)
        if wanted == self._topics:
            return
        self._topics = wanted
        self._missing.clear()
        if wanted:
            self._consumer.subscribe(
                wanted,
                on_assign=self._on_assign,
                on_revoke=self._on_revoke,
                on_lost=self._on_revoke,
            )
        else:
            self._consumer.unsubscribe()

    def read(self, limit: int, timeout: float) -> list[Message]:
        """Read up to `limit` messages; wait `timeout` seconds for the first, for no other.

        Each partition's are in the order of its offsets. Where `generation` has changed meanwhile,
        they are of no use. Raises ReaderLostError where the group has shut us out for good: a
        broker that lost its last seconds may take us for an impostor.
        """
        received = self._consumer.consume(1, timeout)
        self.laps.mark("waiting")
        if received and limit > 1:
            received += self._consumer.consume(limit - 1, 0)
        self.drained = len(received) < limit
        if self._fatal is not None:
            raise ReaderLostError(self._fatal)
        if self._suspects:
            self._probe()
        messages = []
        now_ms = int(time.time() * 1000)
        for raw in received:
            if raw.error() is not None:
                self._on_error_message(raw)
            else:
                messages.append(_message(raw, now_ms))
        self.laps.mark("read")
        return messages

    def take_ends(self) -> dict[Place, int]:
        """Partitions read to their end since the last call, with the offset to read next.

        It lies behind the last message where markers of transactions follow it.
        """
        ends, self._ends = self._ends, {}
        return {place: end for place, end in ends.items() if place in self.placed}

    def watermarks(self, place: Place) -> Watermarks | None:
        """Ask the broker; None where it does not answer in time or does not know the partition."""
        partition = TopicPartition(place.topic, place.partition)
        try:
            low, high = self._consumer.get_watermark_offsets(partition, timeout=REQUEST_SECONDS)
        except KafkaException as failure:
            librdkafka_log.info("watermarks of %s: %s", place, failure)
            return None
        return Watermarks(low, high) if low >= 0 and high >= 0 else None

    def place(self, positions: Mapping[Place, int]) -> None:
        """Read exactly these partitions, from these offsets; what was fetched before is void."""
        self.placed = set(positions)
        self._ends.clear()
        self._consumer.assign(
            [TopicPartition(place.topic, place.partition, at) for place, at in positions.items()]
        )

    def unplace(self) -> None:
        """Stop reading; the partitions stay ours."""
        self.generation += 1
        self.place({})

    def lag(self, positions: Mapping[Place, int]) -> int:
        """Messages behind, by the watermarks that came with the last fetches; asks nobody."""
        lag = 0
        for place, position in positions.items():
            with contextlib.suppress(KafkaException):
                _, high = self._consumer.get_watermark_offsets(
                    TopicPartition(place.topic, place.partition), cached=True
                )
                lag += max(0, high - position)
        return lag

    def commit(self, positions: Mapping[Place, int], *, wait: bool = False) -> None:
        """Tell Kafka where we are, now and then; for monitoring only, so a failure is nothing."""
        self._to_commit.update(positions)
        now = time.monotonic()
        due = wait or now - self._committed_at >= COMMIT_EVERY_SECONDS
        offsets = [
            TopicPartition(place.topic, place.partition, at)
            for place, at in self._to_commit.items()
            if place in self.assigned
        ]
        if due and offsets:
            self._committed_at = now
            self._to_commit.clear()
            with contextlib.suppress(KafkaException):
                if wait:
                    self._consumer.commit(offsets=offsets, asynchronous=False)
                else:
                    self._consumer.commit(offsets=offsets)

    def leave(self) -> None:
        """Give the partitions to the others at once; else they wait for our return."""
        if self._topics and not self.outage.is_on:
            # A member with an instance id says goodbye only when it unsubscribes.
            deadline = time.monotonic() + 1.0
            with contextlib.suppress(KafkaException):
                self._consumer.unsubscribe()
                while self.assigned and time.monotonic() < deadline:
                    self._consumer.consume(1, 0.05)

    def _on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.assigned = {Place(p.topic, p.partition) for p in partitions}
        self.placed = set()
        self.generation += 1
        consumer.assign([])

    def _on_revoke(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        del partitions  # The eager protocol takes all of them.
        self.assigned = set()
        self.placed = set()
        self.generation += 1
        consumer.unassign()

    def _on_error(self, error: KafkaError) -> None:
        if error.fatal() or error.code() == KafkaError._FATAL:
            self._fatal = error.str()
        if error.code() in AWAY:
            self._suspects = True
        else:
            self._last_error = error.str()

    def _on_error_message(self, raw: Any) -> None:
        error = raw.error()
        code = error.code()
        if code == KafkaError._PARTITION_EOF:
            self._ends[Place(raw.topic(), raw.partition())] = raw.offset()
        elif code == KafkaError._AUTO_OFFSET_RESET:
            self.unplace()
        elif error.fatal() or code in (KafkaError._FATAL, KafkaError.FENCED_INSTANCE_ID):
            raise ReaderLostError(error.str())
        elif code == KafkaError.UNKNOWN_TOPIC_OR_PART and raw.topic() not in self._missing:
            self._missing.add(raw.topic())
            log.info("topic %s does not exist yet; waiting", raw.topic())
        else:
            librdkafka_log.info("%s", error)

    def _probe(self) -> None:
        """Ask whether a broker answers: librdkafka also complains of connections nobody misses."""
        now = time.monotonic()
        if now - self._probed_at < PROBE_EVERY_SECONDS:
            return
        self._probed_at = now
        try:
            self._consumer.list_topics(timeout=PROBE_SECONDS)
        except KafkaException as failure:
            self.outage.begins(self._last_error or failure.args[0].str())
        else:
            self.outage.ends()
            self._suspects = False
            self._last_error = None


def _consumer(options: dict[str, Any]) -> Consumer:
    try:
        return Consumer(options)
    except KafkaException as failure:
        raise PenstockError(
            "the Kafka client refuses its options",
            str(failure.args[0].str()),
            "see --kafka-option and librdkafka's CONFIGURATION.md",
        ) from failure


def _message(raw: Any, now_ms: int) -> Message:
    kind, timestamp_ms = raw.timestamp()
    return Message(
        raw.topic(),
        raw.partition(),
        raw.offset(),
        timestamp_ms if kind else now_ms,
        raw.key(),
        raw.value(),
        raw.headers(),
    )
