-- The event shown is the earliest delivery of its message_id.

select
    events.message_id,
    judged.kafka_partition,
    judged.kafka_offset
from {{ ref('events') }} as events
inner join {{ ref('int_events_judged') }} as judged on events.message_id = judged.message_id
where
    cardinality(judged.violations) = 0
    and (judged.received_at, judged.kafka_partition, judged.kafka_offset)
    < (events.received_at, events.kafka_partition, events.kafka_offset)
