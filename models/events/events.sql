-- One row per accepted event: the first delivery of a message_id.

select
    message_id,
    type,
    event,
    user_id,
    anonymous_id,
    previous_id,
    email,
    phone,
    occurred_at,
    received_at,
    source,
    properties,
    traits,
    context,
    kafka_partition,
    kafka_offset
from {{ ref('int_events_deduplicated') }}
where cardinality(violations) = 0
