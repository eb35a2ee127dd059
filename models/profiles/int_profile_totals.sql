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
    {{ first_value_by(
        'user_id', 'occurred_at desc, message_id desc', 'user_id is not null'
    ) }} as user_id,
    {{ first_value_by(
        'email', 'occurred_at desc, message_id desc', 'email is not null'
    ) }} as email,
    {{ first_value_by(
        'phone', 'occurred_at desc, message_id desc', 'phone is not null'
    ) }} as phone,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at,
    count(*) as event_count,
    count(*) filter (where is_order) as order_count,
    coalesce(sum(amount) filter (where is_order), 0) as revenue
from event_nodes
inner join components on event_nodes.node = components.node
group by components.component
