"""A topic whose second part is there and hidden, until it is released at one moment.

The first part is sent plainly, the rest in a transaction of Kafka's that stays open: who reads
committed messages only does the first part, and rests. Committing shows all the rest at once. So
a contestant's time holds no start of a process or a cluster, no import, no joining of a group,
no compiling of what is hot; and no producer runs beside it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from benchmarks.same_job.events import Input, Sent
from benchmarks.stack import PARTITIONS, client
from penstock.services.kafka import Broker

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Feed:
    """The topic of one run."""

    bootstrap: str
    topic: str
    input: Input
    _transaction: Producer

    def release(self) -> float:
        """Show the rest; return the moment."""
        began = time.perf_counter()
        self._transaction.commit_transaction()
        return began

    def rate(self, began: float, ended: float) -> float:
        """Events a second, from the release to the moment when the output covered all."""
        return len(self.input.rest) / (ended - began)


@contextmanager
def feed(broker: Broker, of: Input) -> Iterator[Feed]:
    """Make a topic with this input, and delete it."""
    topic = f"same_job_{next(_numbers)}"
    admin = AdminClient(client(broker.bootstrap))
    for future in admin.create_topics([NewTopic(topic, PARTITIONS, 1)]).values():
        future.result()
    options = client(broker.bootstrap) | {"linger.ms": 20}
    plain = Producer(options | {"enable.idempotence": True})
    _send(plain, topic, of.warm)
    hidden = Producer(
        options | {"transactional.id": topic, "transaction.timeout.ms": 15 * 60 * 1000},
    )
    hidden.init_transactions()
    hidden.begin_transaction()
    _send(hidden, topic, of.rest)
    try:
        yield Feed(broker.bootstrap, topic, of, hidden)
    finally:
        for future in admin.delete_topics([topic]).values():
            future.result()


def _send(producer: Producer, topic: str, messages: list[Sent]) -> None:
    for sent in messages:
        while True:
            try:
                producer.produce(topic, partition=sent.partition, key=sent.key, value=sent.value)
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()
