-- One row per identifier type under which the person is known: who is it?
-- columns: found_by, profile_id, user_id, email, phone, first_seen_at, last_seen_at, event_count, order_count, revenue, devices

with

asked as (

    select 'user-1-000003' as identifier

),

-- As the models store them: emails trimmed and in lower case, of phones only + and digits.
spellings as (

    select
        'user_id' as identifier_type,
        identifier as identifier_value
    from asked
    union all
    select
        'anonymous_id',
        identifier
    from asked
    union all
    select
        'email',
        lower(btrim(identifier, e' \t\n\r'))
    from asked
    union all
    select
        'phone',
        regexp_replace(identifier, '[^0-9+]', '', 'g')
    from asked
    where identifier ~ '^[0-9 +()./-]+$'

)

select
    identifiers.identifier_type as found_by,
    profiles.profile_id,
    profiles.user_id,
    profiles.email,
    profiles.phone,
    profiles.first_seen_at,
    profiles.last_seen_at,
    profiles.event_count,
    profiles.order_count,
    profiles.revenue,
    profiles.devices
from spellings
inner join identifiers
    on
        spellings.identifier_type = identifiers.identifier_type
        and spellings.identifier_value = identifiers.identifier_value
inner join profiles on identifiers.profile_id = profiles.profile_id
order by found_by;
