-- One row per set of identifiers that events carry together, '' for one that is not there: when
-- such events occurred, and what they add up to. People send the same set again and again, so
-- that links, identifiers and profiles follow from few rows that seldom come or go.

with

event_identifiers as (

    select
        message_id,
        occurred_at,
        coalesce(anonymous_id, '') as anonymous_id,
        coalesce(user_id, '') as user_id,
        coalesce(email, '') as email,
        coalesce(phone, '') as phone,
        {# Of an alias: the account that the user was before. #}
        coalesce(case when type = 'alias' and user_id is not null then previous_id end, '')
            as previous_id,
        type = 'track' and event = 'Order Completed' as is_order,
        case
            when type = 'track' and event = 'Order Completed'
                then coalesce(
                    {{ json_number('properties', 'revenue') }},
                    {{ json_number('properties', 'total') }}
                )
        end as amount
    from {{ ref('events') }}

)

select
    anonymous_id,
    user_id,
    email,
    phone,
    previous_id,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at,
    {{ latest_value('message_id', ['occurred_at', 'message_id'], 'message_id is not null') }}
        as last_message_id,
    count(*) as event_count,
    count(*) filter (where is_order) as order_count,
    coalesce(sum(amount), 0) as revenue
from event_identifiers
group by anonymous_id, user_id, email, phone, previous_id
