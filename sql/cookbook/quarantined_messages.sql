-- One row per message that one rule holds back, as it came, the latest first.
-- columns: received_at, violations, message_id, kafka_partition, kafka_offset, payload

with

asked as (

    select 'negative_revenue' as violation

)

select
    quarantined.received_at,
    quarantined.violations,
    quarantined.message_id,
    quarantined.kafka_partition,
    quarantined.kafka_offset,
    landed_events.payload
from asked
inner join events_quarantined as quarantined on asked.violation = any(quarantined.violations)
inner join landed_events
    on
        quarantined.kafka_partition = landed_events.kafka_partition
        and quarantined.kafka_offset = landed_events.kafka_offset
order by quarantined.received_at desc, quarantined.kafka_partition, quarantined.kafka_offset
limit 50;
