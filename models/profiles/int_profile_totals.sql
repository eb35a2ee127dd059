-- One row per component: what its events add up to.

with

event_nodes as (

    select
        *,
        coalesce('user_id:' || user_id, 'anonymous_id:' || anonymous_id) as node,
        type = 'track' and event = 'Order Completed' as is_order,
        coalesce(
            {{ json_number('properties', 'revenue') }}, {{ json_number('properties', 'total') }}
        ) as amount
    from {{ ref('events') }}

),

components as (

    select * from {{ ref('int_identity_components') }}

)

select
    components.component,
    {{ latest_value('user_id', ['occurred_at', 'message_id'], 'user_id is not null') }} as user_id,
    {{ latest_value('email', ['occurred_at', 'message_id'], 'email is not null') }} as email,
    {{ latest_value('phone', ['occurred_at', 'message_id'], 'phone is not null') }} as phone,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at,
    count(*) as event_count,
    count(*) filter (where is_order) as order_count,
    coalesce(sum(amount) filter (where is_order), 0) as revenue
from event_nodes
inner join components on event_nodes.node = components.node
group by components.component
