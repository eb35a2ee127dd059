-- One row per identifier of a set: when events with the set occurred. A node is 'type:value'.

with

sets as (

    select * from {{ ref('int_identifier_sets') }}

)

select
    'user_id:' || user_id as node,
    first_seen_at,
    last_seen_at
from sets
where user_id <> ''
union all
select
    'anonymous_id:' || anonymous_id,
    first_seen_at,
    last_seen_at
from sets
where anonymous_id <> ''
union all
select
    'email:' || email,
    first_seen_at,
    last_seen_at
from sets
where email <> ''
union all
select
    'phone:' || phone,
    first_seen_at,
    last_seen_at
from sets
where phone <> ''
union all
select
    'user_id:' || previous_id,
    first_seen_at,
    last_seen_at
from sets
where previous_id <> ''
