-- One row per rule and day of receipt (UTC): what is held back, since when, with an example.
-- columns: received_date, violation, messages, example_message_id, example_partition, example_offset

with

violations_listed as (

    select
        (quarantined.received_at at time zone 'UTC')::date as received_date,
        broken.violation,
        quarantined.message_id,
        quarantined.received_at,
        quarantined.kafka_partition,
        quarantined.kafka_offset
    from events_quarantined as quarantined
    cross join unnest(quarantined.violations) as broken (violation)

),

counted as (

    select
        received_date,
        violation,
        count(*) as messages
    from violations_listed
    group by received_date, violation

),

latest as (

    select distinct on (received_date, violation)
        received_date,
        violation,
        message_id,
        kafka_partition,
        kafka_offset
    from violations_listed
    order by received_date, violation, received_at desc, kafka_partition, kafka_offset desc

)

select
    counted.received_date,
    counted.violation,
    counted.messages,
    latest.message_id as example_message_id,
    latest.kafka_partition as example_partition,
    latest.kafka_offset as example_offset
from counted
inner join latest
    on
        counted.received_date = latest.received_date
        and counted.violation = latest.violation
order by counted.received_date desc, counted.messages desc, counted.violation;
