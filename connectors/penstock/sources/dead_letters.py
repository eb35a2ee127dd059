"""Where messages go that cannot land: penstock.dead_letters, as they came, with the reason."""

from collections.abc import Iterable

import psycopg

from penstock.sources.decode import TIMESTAMP_MAX_MS, TIMESTAMP_MIN_MS, DeadLetter, headers_json

_BURY = """
insert into penstock.dead_letters
    (topic, partition, "offset", error, payload, key, headers, kafka_timestamp)
values (%s, %s, %s, %s, %s, %s, convert_from(%s, 'UTF8')::jsonb, to_timestamp(%s))
on conflict (topic, partition, "offset") do update
set error = excluded.error, payload = excluded.payload, key = excluded.key,
    headers = excluded.headers, kafka_timestamp = excluded.kafka_timestamp, received_at = now()
"""


def bury(connection: psycopg.Connection, letters: Iterable[DeadLetter]) -> None:
    """Keep dead letters as they came; a later message at the same place takes it over."""
    parameters = [
        (
            *(message.topic, message.partition, message.offset, letter.error),
            *(message.value, message.key, headers_json(message.headers)),
            message.timestamp_ms / 1000
            if TIMESTAMP_MIN_MS <= message.timestamp_ms <= TIMESTAMP_MAX_MS
            else None,
        )
        for letter in letters
        for message in (letter.message,)
    ]
    if parameters:
        connection.cursor().executemany(_BURY, parameters)
