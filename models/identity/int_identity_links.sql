-- One row per pair of identifiers that appear in one event (a <= b); a = b where it has only one.

with

event_nodes as (

    select
        *,
        coalesce('user_id:' || user_id, 'anonymous_id:' || anonymous_id) as node
    from {{ ref('events') }}

),

pairs as (

    select
        node as one,
        node as other
    from event_nodes
    where
        node is not null
        and (user_id is null or anonymous_id is null)
        and email is null
        and phone is null
        and (type <> 'alias' or previous_id is null or user_id is null)
    union all
    select
        node,
        'anonymous_id:' || anonymous_id
    from event_nodes
    where user_id is not null and anonymous_id is not null and node is not null
    union all
    select
        node,
        'email:' || email
    from event_nodes
    where email is not null and node is not null
    union all
    select
        node,
        'phone:' || phone
    from event_nodes
    where phone is not null and node is not null
    union all
    select
        node,
        'user_id:' || previous_id
    from event_nodes
    where type = 'alias' and previous_id is not null and user_id is not null and node is not null

)

select distinct
    least(one, other) as a,
    greatest(one, other) as b
from pairs
