-- One row per device. Deliveries of a message share a key, so a partition, where offsets only grow:
-- the first one stays the first, and what is counted never changes.
{{ config(materialized='materialized_view', append_only=['deliveries']) }}

select
    device_id,
    count(*) as events,
    sum(items) as items,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at
from {{ ref('deliveries') }}
group by device_id
