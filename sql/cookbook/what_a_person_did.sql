-- One row per event of the person, the latest first; also those made before they logged in.
-- columns: occurred_at, type, event, path, product, user_id, anonymous_id, message_id

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

),

-- An event belongs to the person of its user_id, or, without one, of its device.
event_owners as (

    select
        identifiers.identifier_type,
        identifiers.identifier_value
    from people
    inner join identifiers on people.profile_id = identifiers.profile_id
    where identifiers.identifier_type in ('user_id', 'anonymous_id')

)

select
    events.occurred_at,
    events.type,
    events.event,
    coalesce(events.properties ->> 'path', events.context -> 'page' ->> 'path') as path,
    events.properties ->> 'name' as product,
    events.user_id,
    events.anonymous_id,
    events.message_id
from events
inner join event_owners
    on
        case when events.user_id is null then 'anonymous_id' else 'user_id' end
        = event_owners.identifier_type
        and coalesce(events.user_id, events.anonymous_id) = event_owners.identifier_value
order by events.occurred_at desc, events.message_id
limit 200;
