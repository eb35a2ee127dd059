-- One row per landed message that breaks a rule, with the names of the rules.

select
    message_id,
    violations,
    type,
    event,
    user_id,
    anonymous_id,
    previous_id,
    email,
    phone,
    occurred_at,
    received_at,
    source,
    properties,
    traits,
    context,
    kafka_partition,
    kafka_offset
from {{ ref('int_events_deduplicated') }}
where cardinality(violations) > 0
