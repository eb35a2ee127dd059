-- One row per landed message that the connector did not read the fields of: read from its payload,
-- nothing raised.

with

landed as (

    {{ landed_messages(ref('landed_events'), var('event_fields')) }}

),

fields_read as (

    select
        kafka_partition,
        kafka_offset,
        kafka_timestamp,
        {{ json_text('payload', 'messageId') }} as message_id,
        {{ json_text('payload', 'type') }} as type,
        {{ json_text('payload', 'event') }} as event,
        nullif({{ json_text('payload', 'userId') }}, '') as user_id,
        nullif({{ json_text('payload', 'anonymousId') }}, '') as anonymous_id,
        nullif({{ json_text('payload', 'previousId') }}, '') as previous_id,
        {{ json_text('payload', 'timestamp') }} as timestamp_text,
        {{ json_text('payload', 'sentAt') }} as sent_at_text,
        {{ json_text('payload', 'receivedAt') }} as received_at_text,
        {{ json_object('payload', 'properties') }} as properties,
        {{ json_object('payload', 'traits') }} as traits,
        {{ json_object('payload', 'context') }} as context,
        payload
    from landed

),

times_read as (

    select
        *,
        {{ to_timestamp('timestamp_text') }} as timestamp_read,
        coalesce({{ to_timestamp('received_at_text') }}, kafka_timestamp) as received_at,
        coalesce(traits, '{}'::jsonb) as own_traits,
        coalesce({{ json_object('context', 'traits') }}, '{}'::jsonb) as context_traits
    from fields_read

)

select
    kafka_partition,
    kafka_offset,
    message_id,
    type,
    event,
    user_id,
    anonymous_id,
    previous_id,
    received_at,
    properties,
    traits,
    context,
    nullif(
        lower(btrim(
            coalesce(
                {{ json_text('own_traits', 'email') }}, {{ json_text('context_traits', 'email') }}
            ),
            e' \t\n\r'
        )),
        ''
    ) as email,
    nullif(
        regexp_replace(
            coalesce(
                {{ json_text('own_traits', 'phone') }}, {{ json_text('context_traits', 'phone') }}
            ),
            '[^0-9+]', '', 'g'
        ),
        ''
    ) as phone,
    {# Only where there is none: what does not read as a time has no time. #}
    case
        when timestamp_text is not null or {{ json_not_text('payload', 'timestamp') }}
            then timestamp_read
        else received_at
    end as occurred_at,
    {{ json_text('context', 'source') }} as source,
    array_remove(array[
        case when {{ json_not_text('payload', 'messageId') }} then 'invalid_message_id' end,
        case when {{ json_not_text('payload', 'type') }} then 'invalid_type' end,
        case when {{ json_not_text('payload', 'event') }} then 'invalid_event' end,
        case when {{ json_not_text('payload', 'userId') }} then 'invalid_user_id' end,
        case when {{ json_not_text('payload', 'anonymousId') }} then 'invalid_anonymous_id' end,
        case when {{ json_not_text('payload', 'previousId') }} then 'invalid_previous_id' end,
        case when {{ json_not_text('payload', 'groupId') }} then 'invalid_group_id' end,
        case
            when {{ json_not_text('payload', 'timestamp') }} then 'invalid_timestamp'
            when timestamp_text is not null and timestamp_read is null then 'invalid_timestamp'
        end,
        case
            when {{ json_not_text('payload', 'sentAt') }} then 'invalid_sent_at'
            when sent_at_text is not null and {{ to_timestamp('sent_at_text') }} is null
                then 'invalid_sent_at'
        end,
        case
            when {{ json_not_text('payload', 'receivedAt') }} then 'invalid_received_at'
            when received_at_text is not null and {{ to_timestamp('received_at_text') }} is null
                then 'invalid_received_at'
        end,
        case when {{ json_not_object('payload', 'properties') }} then 'invalid_properties' end,
        case when {{ json_not_object('payload', 'traits') }} then 'invalid_traits' end,
        case when {{ json_not_object('payload', 'context') }} then 'invalid_context' end
    ], null::text) as invalid_fields
from times_read
