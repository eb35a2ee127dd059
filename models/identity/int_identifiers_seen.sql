-- One row per identifier: when its events first and last occurred. A node is 'type:value'.

with

events as (

    select * from {{ ref('events') }}

),

sightings as (

    select
        'user_id' as identifier_type,
        user_id as identifier_value,
        occurred_at
    from events
    where user_id is not null
    union all
    select
        'anonymous_id',
        anonymous_id,
        occurred_at
    from events
    where anonymous_id is not null
    union all
    select
        'email',
        email,
        occurred_at
    from events
    where email is not null
    union all
    select
        'phone',
        phone,
        occurred_at
    from events
    where phone is not null
    union all
    select
        'user_id',
        previous_id,
        occurred_at
    from events
    where type = 'alias' and previous_id is not null and user_id is not null

)

select
    identifier_type || ':' || identifier_value as node,
    identifier_type,
    identifier_value,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at
from sightings
group by identifier_type || ':' || identifier_value, identifier_type, identifier_value
