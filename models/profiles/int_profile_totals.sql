-- One row per component: what its events add up to.

with

set_nodes as (

    select
        *,
        case when user_id <> '' then 'user_id:' || user_id else 'anonymous_id:' || anonymous_id end
            as node
    from {{ ref('int_identifier_sets') }}

),

components as (

    select * from {{ ref('int_identity_components') }}

)

select
    components.component,
    {{ latest_value('user_id', ['last_seen_at', 'last_message_id'], "user_id <> ''") }} as user_id,
    {{ latest_value('email', ['last_seen_at', 'last_message_id'], "email <> ''") }} as email,
    {{ latest_value('phone', ['last_seen_at', 'last_message_id'], "phone <> ''") }} as phone,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    cast(sum(event_count) as bigint) as event_count,
    cast(sum(order_count) as bigint) as order_count,
    sum(revenue) as revenue
from set_nodes
inner join components on set_nodes.node = components.node
group by components.component
