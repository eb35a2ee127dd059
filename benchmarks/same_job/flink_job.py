"""The job in Flink SQL; runs in the environment of apache-flink, until it is ended.

    python flink_job.py BOOTSTRAP TOPIC JARS [JDBC_URL CHECKPOINTS]

Flink at its fastest for this job, and less than Penstock promises: state on the heap, objects
reused, mini-batches, no checkpoints, and a sink that only prints. With a URL, what a user needs for
nearly the same promise: state that a crash leaves, and rows in a database, upserted by key, which
may show what they were some seconds earlier until a job that was restarted has caught up.
"""

import sys

from pyflink.table import EnvironmentSettings, TableEnvironment

SETTINGS = {
    "parallelism.default": "2",
    "pipeline.object-reuse": "true",
    "state.backend.type": "hashmap",
    "table.exec.mini-batch.enabled": "true",
    "table.exec.mini-batch.allow-latency": "1 s",
    "table.exec.mini-batch.size": "10000",
    "table.optimizer.agg-phase-strategy": "TWO_PHASE",
    "taskmanager.memory.process.size": "3g",
}
KEPT = {
    "execution.checkpointing.interval": "10 s",
    "execution.checkpointing.mode": "EXACTLY_ONCE",
    "execution.checkpointing.storage": "filesystem",
}
SOURCE = """
create table events (
    messageId string,
    type string,
    anonymousId string,
    `timestamp` string,
    properties row<quantity bigint>,
    received_at as proctime()
) with (
    'connector' = 'kafka',
    'topic' = '{topic}',
    'properties.bootstrap.servers' = '{bootstrap}',
    'scan.startup.mode' = 'earliest-offset',
    'properties.isolation.level' = 'read_committed',
    'format' = 'json'
)
"""
SINK = """
create table devices (
    device_id string,
    events bigint,
    items bigint,
    first_at string,
    last_at string,
    primary key (device_id) not enforced
) with ({sink})
"""
PRINTED = "'connector' = 'print'"
# In a driver's batches of one statement each; a key is once in a batch.
UPSERTED = """
    'connector' = 'jdbc',
    'url' = '{url}',
    'table-name' = 'devices',
    'sink.buffer-flush.max-rows' = '5000',
    'sink.buffer-flush.interval' = '1 s'
"""
JOB = """
insert into devices
select
    anonymousId,
    count(*),
    sum(coalesce(properties.quantity, 0)),
    min(`timestamp`),
    max(`timestamp`)
from (
    select
        *,
        row_number() over (partition by messageId order by received_at) as delivery
    from events
    where type in ('track', 'page', 'identify', 'screen')
) as deliveries
where delivery = 1
group by anonymousId
"""


def main(bootstrap: str, topic: str, jars: str, url: str = "", checkpoints: str = "") -> None:
    """Read the topic for ever. jars: URLs, with `;` between them."""
    settings = SETTINGS | {"pipeline.jars": jars}
    if url:
        settings |= KEPT | {"execution.checkpointing.dir": f"file://{checkpoints}"}
    environment = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    for name, value in settings.items():
        environment.get_config().set(name, value)
    environment.execute_sql(SOURCE.format(topic=topic, bootstrap=bootstrap))
    environment.execute_sql(SINK.format(sink=UPSERTED.format(url=url) if url else PRINTED))
    environment.execute_sql(JOB).wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
