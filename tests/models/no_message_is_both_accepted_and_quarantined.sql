-- A delivery is accepted or quarantined, never both.

select
    events.kafka_partition,
    events.kafka_offset
from {{ ref('events') }} as events
inner join {{ ref('events_quarantined') }} as quarantined
    on
        events.kafka_partition = quarantined.kafka_partition
        and events.kafka_offset = quarantined.kafka_offset
