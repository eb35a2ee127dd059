-- One row per landed message, with the names of the rules it breaks.

with

staged as (

    select * from {{ ref('stg_events') }}

)

select
    *,
    invalid_fields || array_remove(array[
        case when message_id is null or message_id = '' then 'missing_message_id' end,
        case
            when
                type is null
                or type not in ('track', 'identify', 'page', 'screen', 'group', 'alias')
                then 'unknown_type'
        end,
        case when user_id is null and anonymous_id is null then 'missing_identity' end,
        case
            when occurred_at > received_at + interval '{{ var("future_tolerance") }}'
                then 'timestamp_in_future'
        end,
        case when type = 'track' and (event is null or event = '') then 'missing_event_name' end,
        {{ amount_violation('properties', 'revenue') }},
        {{ amount_violation('properties', 'total') }},
        {{ amount_violation('properties', 'quantity') }}
    ], null::text) as violations
from staged
