-- One row per device.
{{ config(materialized='materialized_view') }}

select
    device_id,
    count(*) as events,
    sum(items) as items,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at
from {{ ref('deliveries') }}
group by device_id
