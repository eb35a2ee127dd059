-- One row per accepted event: the first delivery of a message_id wins.

with

accepted as (

    select *
    from {{ ref('int_events_judged') }}
    where cardinality(violations) = 0 and message_id is not null

),

{# Receipt time ties under replay; partition and offset pick one winner in any order. #}
deliveries_numbered as (

    select
        *,
        row_number() over (
            partition by message_id
            order by received_at, kafka_partition, kafka_offset
        ) as delivery_number
    from accepted

)

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
from deliveries_numbered
where delivery_number = 1
