-- One row per message that counts: of accepted ones the first delivery of each message_id, of
-- quarantined ones every delivery. Judged once; events and events_quarantined show their part.

with

{# Two message_ids never meet a place: each kind has its own letter. #}
judged as (

    select
        *,
        coalesce(
            case when cardinality(violations) = 0 then 'm' || message_id end,
            'q' || kafka_partition || ':' || kafka_offset
        ) as dedupe_key
    from {{ ref('int_events_judged') }}

),

{# Receipt time ties under replay; partition and offset pick one winner in any order. #}
deliveries_numbered as (

    select
        *,
        row_number() over (
            partition by dedupe_key
            order by received_at, kafka_partition, kafka_offset
        ) as delivery_number
    from judged

)

select
    dedupe_key,
    message_id,
    violations,
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
from deliveries_numbered
where delivery_number = 1
