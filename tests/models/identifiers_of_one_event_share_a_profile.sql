-- All identifiers that one event names belong to one profile.

with

named as (

    select
        message_id,
        'user_id' as identifier_type,
        user_id as identifier_value
    from {{ ref('events') }}
    union all
    select
        message_id,
        'anonymous_id',
        anonymous_id
    from {{ ref('events') }}
    union all
    select
        message_id,
        'email',
        email
    from {{ ref('events') }}
    union all
    select
        message_id,
        'phone',
        phone
    from {{ ref('events') }}
    union all
    select
        message_id,
        'user_id',
        previous_id
    from {{ ref('events') }}
    where type = 'alias' and user_id is not null

)

select named.message_id
from named
left join {{ ref('identifiers') }} as identifiers
    on
        named.identifier_type = identifiers.identifier_type
        and named.identifier_value = identifiers.identifier_value
where named.identifier_value is not null
group by named.message_id
having count(distinct identifiers.profile_id) <> 1 or count(*) <> count(identifiers.profile_id)
