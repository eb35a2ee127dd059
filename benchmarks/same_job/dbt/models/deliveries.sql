-- One row per message_id: its first delivery, of the types that count.
{{ config(materialized='materialized_view') }}

select distinct on (message_id)
    message_id,
    device_id,
    occurred_at,
    items
from (
    select
        kafka_partition,
        kafka_offset,
        payload ->> 'messageId' as message_id,
        payload ->> 'anonymousId' as device_id,
        payload ->> 'timestamp' as occurred_at,
        coalesce((payload -> 'properties' ->> 'quantity')::int, 0) as items
    from {{ ref('landed_events') }}
    where payload ->> 'type' in ('track', 'page', 'identify', 'screen')
) as events
where message_id is not null and device_id is not null
order by message_id, kafka_partition, kafka_offset
