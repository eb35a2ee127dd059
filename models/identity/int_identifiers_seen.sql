-- One row per identifier: when its events first and last occurred. A node is 'type:value'.
{{ config(indexes=[{'columns': ['identifier_type', 'identifier_value']}]) }}

with

events as (

    select * from {{ ref('events') }}

),

sightings as (

    select
        'user_id:' || user_id as node,
        occurred_at
    from events
    where user_id is not null
    union all
    select
        'anonymous_id:' || anonymous_id,
        occurred_at
    from events
    where anonymous_id is not null
    union all
    select
        'email:' || email,
        occurred_at
    from events
    where email is not null
    union all
    select
        'phone:' || phone,
        occurred_at
    from events
    where phone is not null
    union all
    select
        'user_id:' || previous_id,
        occurred_at
    from events
    where type = 'alias' and previous_id is not null and user_id is not null

)

select
    node,
    split_part(node, ':', 1) as identifier_type,
    substr(node, length(split_part(node, ':', 1)) + 2) as identifier_value,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at
from sightings
group by node
