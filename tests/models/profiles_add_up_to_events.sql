-- The profiles share out the events, the orders and the revenue: nothing twice, nothing left.

with

of_events as (

    select
        count(*) as event_count,
        count(*) filter (where type = 'track' and event = 'Order Completed') as order_count,
        count(distinct anonymous_id) as devices,
        coalesce(sum(
            coalesce(
                {{ json_number('properties', 'revenue') }}, {{ json_number('properties', 'total') }}
            )
        ) filter (where type = 'track' and event = 'Order Completed'), 0) as revenue
    from {{ ref('events') }}

),

of_profiles as (

    select
        coalesce(sum(event_count), 0) as event_count,
        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(devices), 0) as devices,
        coalesce(sum(revenue), 0) as revenue
    from {{ ref('profiles') }}

)

select
    of_events.event_count,
    of_profiles.event_count as profiles_event_count
from of_events
cross join of_profiles
where
    of_events.event_count <> of_profiles.event_count
    or of_events.order_count <> of_profiles.order_count
    or of_events.devices <> of_profiles.devices
    or of_events.revenue <> of_profiles.revenue
