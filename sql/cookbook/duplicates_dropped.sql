-- One row per message_id that was delivered again, most often first: what was kept, what dropped.
-- columns: message_id, deliveries_dropped, kept_received_at, kept_partition, kept_offset, last_dropped_at

with

-- Landed, neither accepted nor quarantined: a later delivery of an accepted message.
dropped as (

    select
        landed_events.payload ->> 'messageId' as message_id,
        landed_events.kafka_timestamp
    from landed_events
    where
        not exists (
            select 1
            from events
            where
                events.kafka_partition = landed_events.kafka_partition
                and events.kafka_offset = landed_events.kafka_offset
        )
        and not exists (
            select 1
            from events_quarantined
            where
                events_quarantined.kafka_partition = landed_events.kafka_partition
                and events_quarantined.kafka_offset = landed_events.kafka_offset
        )

),

dropped_counted as (

    select
        message_id,
        count(*) as deliveries_dropped,
        max(kafka_timestamp) as last_dropped_at
    from dropped
    group by message_id

)

select
    counted.message_id,
    counted.deliveries_dropped,
    events.received_at as kept_received_at,
    events.kafka_partition as kept_partition,
    events.kafka_offset as kept_offset,
    counted.last_dropped_at
from dropped_counted as counted
inner join events on counted.message_id = events.message_id
order by counted.deliveries_dropped desc, counted.message_id
limit 100;
