-- One row per pair of identifiers that appear in one event (a <= b); a = b where it has only one.

with

set_nodes as (

    select
        *,
        case when user_id <> '' then 'user_id:' || user_id else 'anonymous_id:' || anonymous_id end
            as node
    from {{ ref('int_identifier_sets') }}

),

pairs as (

    select
        node as one,
        node as other
    from set_nodes
    where (user_id = '' or anonymous_id = '') and email = '' and phone = '' and previous_id = ''
    union all
    select
        node,
        'anonymous_id:' || anonymous_id
    from set_nodes
    where user_id <> '' and anonymous_id <> ''
    union all
    select
        node,
        'email:' || email
    from set_nodes
    where email <> ''
    union all
    select
        node,
        'phone:' || phone
    from set_nodes
    where phone <> ''
    union all
    select
        node,
        'user_id:' || previous_id
    from set_nodes
    where previous_id <> ''

)

select distinct
    least(one, other) as a,
    greatest(one, other) as b
from pairs
