-- One row per identifier of the person: all names under which we know somebody.
-- columns: identifier_type, identifier_value, first_seen_at, last_seen_at

with

asked as (

    select 'user-1-000003' as identifier

),

people as (

    select distinct identifiers.profile_id
    from asked
    inner join identifiers
        on
            identifiers.identifier_type in ('user_id', 'anonymous_id', 'email', 'phone')
            and asked.identifier = identifiers.identifier_value

)

select
    identifiers.identifier_type,
    identifiers.identifier_value,
    identifiers.first_seen_at,
    identifiers.last_seen_at
from people
inner join identifiers on people.profile_id = identifiers.profile_id
order by identifiers.identifier_type, identifiers.first_seen_at, identifiers.identifier_value;
