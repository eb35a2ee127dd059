-- One row per component: what its events add up to.
{# Profiles are looked up by these. #}
{{ config(indexes=[{'columns': ['user_id']}, {'columns': ['email']}]) }}

with

{# Two parts, so that each finds the events of a node by the index that its identifiers have. #}
event_nodes as (

    select
        *,
        'user_id:' || user_id as node
    from {{ ref('events') }}
    where user_id is not null
    union all
    select
        *,
        'anonymous_id:' || anonymous_id as node
    from {{ ref('events') }}
    where user_id is null and anonymous_id is not null

),

events_valued as (

    select
        *,
        type = 'track' and event = 'Order Completed' as is_order,
        case
            when type = 'track' and event = 'Order Completed'
                then coalesce(
                    {{ json_number('properties', 'revenue') }},
                    {{ json_number('properties', 'total') }}
                )
        end as amount
    from event_nodes

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
    coalesce(sum(amount), 0) as revenue
from events_valued
inner join components on events_valued.node = components.node
group by components.component
