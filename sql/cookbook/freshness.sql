-- One row per topic and partition: how far it is read, and how old the newest message is. What
-- still waits in Kafka only Kafka knows: `penstock status` asks it.
-- columns: topic, partition, next_offset, dead_letters, newest_message_at, read_at, message_age, idle_for

with

letters_counted as (

    select
        topic,
        partition,
        count(*) as dead_letters
    from penstock.dead_letters
    group by topic, partition

)

select
    offsets.topic,
    offsets.partition,
    offsets.next_offset,
    coalesce(letters.dead_letters, 0) as dead_letters,
    newest.kafka_timestamp as newest_message_at,
    offsets.updated_at as read_at,
    now() - newest.kafka_timestamp as message_age,
    now() - offsets.updated_at as idle_for
from penstock.source_offsets as offsets
-- By the landing table's key: one row is read for each partition.
left join lateral (
    select landed_events.kafka_timestamp
    from landed_events
    where landed_events.kafka_partition = offsets.partition
    order by landed_events.kafka_offset desc
    limit 1
) as newest on true
left join letters_counted as letters
    on offsets.topic = letters.topic and offsets.partition = letters.partition
where offsets.topic = (
    select subscriptions.topic
    from penstock.subscriptions
    where subscriptions.landing_table = 'landed_events'
)
order by offsets.topic, offsets.partition;
