-- A landed message is an event, a later delivery of one, or quarantined: nothing is lost.

select
    judged.kafka_partition,
    judged.kafka_offset
from {{ ref('int_events_judged') }} as judged
left join {{ ref('events') }} as events
    on
        cardinality(judged.violations) = 0
        and judged.message_id = events.message_id
left join {{ ref('events_quarantined') }} as quarantined
    on
        judged.kafka_partition = quarantined.kafka_partition
        and judged.kafka_offset = quarantined.kafka_offset
where events.message_id is null and quarantined.kafka_offset is null
