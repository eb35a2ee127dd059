"""How the sources and the views of a database are doing."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import psycopg
from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]
from psycopg import sql
from psycopg.rows import class_row

KAFKA_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition: the offset to read next, and where the log ends (None: broker unknown)."""

    partition: int
    next_offset: int
    high_watermark: int | None

    @property
    def lag(self) -> int | None:
        """Messages behind; None while the broker does not answer."""
        if self.high_watermark is None:
            return None
        return max(self.high_watermark - self.next_offset, 0)


@dataclass(frozen=True, slots=True)
class Source:
    """A subscribed topic.

    freshness_seconds: for a topic read to its end, what its last message took from produce to
    visible; for one with lag, how long ago the newest visible message was produced. None while
    nothing has landed.
    """

    topic: str
    landing_table: str
    partitions: tuple[Partition, ...]
    dead_letters: int
    last_read_at: datetime | None
    freshness_seconds: float | None

    @property
    def lag(self) -> int | None:
        """Messages behind in all partitions; None while the broker does not answer."""
        lags = [partition.lag for partition in self.partitions]
        return None if None in lags else sum(lag for lag in lags if lag is not None)


@dataclass(frozen=True, slots=True)
class MaintainedView:
    """A maintained view and the bytes its state takes.

    state_bytes: tables and indexes; index_bytes: the indexes of them. suspended: why and at which
    row it stopped. stale_through: the suspended views that it reads. faults: what else keeps it
    from being maintained.
    clock_lag_seconds: how long ago the time is that a temporal view believes; None for others.
    """

    name: str
    state_table: str
    state_bytes: int
    index_bytes: int
    estimated_rows: int
    deployed_at: datetime
    clock_lag_seconds: float | None
    suspended_at: datetime | None
    suspended: str | None
    stale_through: list[str]
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Status:
    """Everything `penstock status` tells. kafka_error: why the broker's part is missing."""

    server_version: str
    database_bytes: int
    kafka_bootstrap: str | None
    kafka_error: str | None
    sources: tuple[Source, ...]
    views: tuple[MaintainedView, ...]


SUBSCRIPTIONS = """
select
    topic,
    landing_schema,
    landing_table,
    (select max(updated_at) from penstock.source_offsets as o where o.topic = s.topic),
    (select count(*) from penstock.dead_letters as d where d.topic = s.topic)
from penstock.subscriptions as s
order by topic
"""

# A view's state is one table a stage of its plan; the last stage's holds the view's rows.
VIEWS = """
with faults as materialized (select * from penstock.faults())
select
    v.schema_name || '.' || v.view_name as name,
    v.state_table,
    coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint as state_bytes,
    coalesce(sum(pg_indexes_size(c.oid)), 0)::bigint as index_bytes,
    coalesce(max(c.reltuples) filter (where c.relname = v.state_table), 0)::bigint
        as estimated_rows,
    v.deployed_at,
    max(case when k.at is not null then
        greatest(extract(epoch from clock_timestamp() - k.at), 0)
    end)::float8 as clock_lag_seconds,
    max(s.suspended_at) as suspended_at,
    max(concat_ws('; ', s.message, nullif(s.detail, ''))) filter (where s.message is not null)
        as suspended,
    array(
        select t.suspended_schema || '.' || t.suspended_name
        from penstock.stale_views() as t
        where (t.schema_name, t.view_name) = (v.schema_name, v.view_name)
        order by 1
    ) as stale_through,
    array(
        select distinct f.fault
        from faults as f
        where (f.schema_name, f.view_name) = (v.schema_name, v.view_name)
            and f.fault not like 'it is suspended: %'
        order by 1
    ) as faults
from penstock.views as v
left join penstock.clocks() as k
    on k.schema_name = v.schema_name and k.view_name = v.view_name
left join penstock.suspensions as s
    on s.schema_name = v.schema_name and s.view_name = v.view_name
cross join lateral (
    select v.state_table as name
    union
    select stage ->> 'table' from jsonb_array_elements(v.definition -> 'stages') as stage
) as state
left join pg_class as c
    on c.relnamespace = to_regnamespace('penstock_state')
    and c.relname = state.name
group by v.schema_name, v.view_name, v.state_table, v.deployed_at
order by name
"""

# By the key (partition, offset): one index probe a partition, however many rows have landed.
NEWEST_MESSAGE = """
select max(newest.kafka_timestamp)
from penstock.source_offsets as o
cross join lateral (
    select l.kafka_timestamp
    from {} as l
    where l.kafka_partition = o.partition
    order by l.kafka_offset desc
    limit 1
) as newest
where o.topic = %s
"""


def read_status(connection: psycopg.Connection, bootstrap: str | None) -> Status:
    """Read everything from the database, and the ends of the logs from the broker.

    A broker that does not answer within seconds leaves its numbers out; nothing is raised.
    """
    subscriptions = connection.execute(SUBSCRIPTIONS).fetchall()
    ends, kafka_error = log_ends(bootstrap, [topic for topic, *_ in subscriptions])
    sources = tuple(_source(connection, subscription, ends) for subscription in subscriptions)
    with connection.cursor(row_factory=class_row(MaintainedView)) as cursor:
        views = tuple(cursor.execute(VIEWS).fetchall())
    [(version, size)] = connection.execute(
        "select current_setting('server_version'), pg_database_size(current_database())"
    ).fetchall()
    return Status(version, size, bootstrap, kafka_error, sources, views)


def log_ends(
    bootstrap: str | None, topics: list[str]
) -> tuple[dict[tuple[str, int], int], str | None]:
    """Ask the broker where each partition ends: high watermarks, or why there are none."""
    if bootstrap is None:
        return {}, "no broker: neither PENSTOCK_KAFKA_BOOTSTRAP nor `penstock up` names one"
    client = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    try:
        known = client.list_topics(timeout=KAFKA_SECONDS).topics
        wanted = {
            TopicPartition(topic, partition): OffsetSpec.latest()  # type: ignore[no-untyped-call]
            for topic in topics
            if topic in known
            for partition in known[topic].partitions
        }
        answers = client.list_offsets(wanted, request_timeout=KAFKA_SECONDS) if wanted else {}
        ends = {(p.topic, p.partition): end.result().offset for p, end in answers.items()}
    except KafkaException as error:
        return {}, f"the broker at {bootstrap} does not answer: {error.args[0].str()}"
    return ends, None


def newest_message_at(
    connection: psycopg.Connection, topic: str, schema: str, table: str
) -> datetime | None:
    """Return when the newest landed message was produced; None when there is none, or no table."""
    query = sql.SQL(NEWEST_MESSAGE).format(sql.Identifier(schema, table))
    missing = (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege)
    with suppress(*missing), connection.transaction():
        [(newest,)] = connection.execute(query, (topic,)).fetchall()
        return cast("datetime | None", newest)
    return None


def _source(
    connection: psycopg.Connection,
    subscription: tuple[str, str, str, datetime | None, int],
    ends: dict[tuple[str, int], int],
) -> Source:
    topic, schema, table, last_read_at, dead_letters = subscription
    offsets: dict[int, int] = dict(
        connection.execute(
            "select partition, next_offset from penstock.source_offsets where topic = %s", (topic,)
        ).fetchall()
    )
    numbers = sorted(offsets | {number: 0 for owner, number in ends if owner == topic})
    partitions = tuple(
        Partition(number, offsets.get(number, 0), ends.get((topic, number))) for number in numbers
    )
    caught_up = all(partition.lag == 0 for partition in partitions)
    newest = newest_message_at(connection, topic, schema, table)
    return Source(
        topic,
        f"{schema}.{table}",
        partitions,
        dead_letters,
        last_read_at,
        _freshness(newest, last_read_at if caught_up else datetime.now(UTC)),
    )


def _freshness(newest: datetime | None, seen: datetime | None) -> float | None:
    if newest is None or seen is None:
        return None
    return max((seen - newest).total_seconds(), 0.0)
