-- One row per landed message whose fields the connector has read: all of them plainly what they
-- should be, so that none is invalid.

with

landed as (

    {{ extracted_messages(ref('landed_events'), var('event_fields')) }}

)

select
    kafka_partition,
    kafka_offset,
    message_id,
    type,
    event,
    nullif(user_id, '') as user_id,
    nullif(anonymous_id, '') as anonymous_id,
    nullif(previous_id, '') as previous_id,
    coalesce(received_at, kafka_timestamp) as received_at,
    nullif(payload -> 'properties', 'null') as properties,
    nullif(payload -> 'traits', 'null') as traits,
    nullif(payload -> 'context', 'null') as context,
    nullif(lower(btrim(coalesce(traits_email, context_email), e' \t\n\r')), '') as email,
    nullif(
        regexp_replace(coalesce(traits_phone, context_phone), '[^0-9+]', '', 'g'), ''
    ) as phone,
    coalesce(occurred_at, received_at, kafka_timestamp) as occurred_at,
    source,
    '{}'::text[] as invalid_fields
from landed
