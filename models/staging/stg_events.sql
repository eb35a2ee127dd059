-- One row per landed message: fields named and typed, nothing dropped, nothing raised.

select
    kafka_partition,
    kafka_offset,
    message_id,
    type,
    event,
    user_id,
    anonymous_id,
    previous_id,
    received_at,
    properties,
    traits,
    context,
    email,
    phone,
    occurred_at,
    source,
    invalid_fields
from {{ ref('stg_events_extracted') }}
union all
select
    kafka_partition,
    kafka_offset,
    message_id,
    type,
    event,
    user_id,
    anonymous_id,
    previous_id,
    received_at,
    properties,
    traits,
    context,
    email,
    phone,
    occurred_at,
    source,
    invalid_fields
from {{ ref('stg_events_parsed') }}
