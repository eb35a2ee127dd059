-- One row per message that nothing could be read from, the latest first, with what can be shown.
-- columns: received_at, topic, partition, offset, error, bytes, payload_text

select
    received_at,
    topic,
    partition,
    "offset",
    error,
    octet_length(payload) as bytes,
    -- Never convert_from(): bytes that are no UTF-8 would stop the query. What is not printable
    -- is shown in octal.
    encode(substring(payload from 1 for 200), 'escape') as payload_text
from penstock.dead_letters
order by received_at desc, topic, partition, "offset" desc
limit 100;
