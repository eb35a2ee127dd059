-- One row per step: how many people took it after the one before, in the order of their events.
-- columns: step, event, people, share_of_first

with

steps_taken as (

    select
        identifiers.profile_id,
        events.event,
        events.occurred_at
    from events
    inner join identifiers
        on
            identifiers.identifier_type
            = case when events.user_id is null then 'anonymous_id' else 'user_id' end
            and coalesce(events.user_id, events.anonymous_id) = identifiers.identifier_value
    where
        events.type = 'track'
        and events.event in ('Product Viewed', 'Product Added', 'Order Completed')

),

-- Window functions, not self joins: one pass over each person's events.
views_found as (

    select
        *,
        min(occurred_at) filter (where event = 'Product Viewed')
            over (partition by profile_id) as viewed_at
    from steps_taken

),

additions_found as (

    select
        *,
        min(occurred_at) filter (where event = 'Product Added' and occurred_at >= viewed_at)
            over (partition by profile_id) as added_at
    from views_found

),

people_reaching as (

    select
        profile_id,
        viewed_at,
        added_at,
        min(occurred_at) filter (where event = 'Order Completed' and occurred_at >= added_at)
            as ordered_at
    from additions_found
    group by profile_id, viewed_at, added_at

),

people_counted as (

    select
        1 as step,
        'Product Viewed' as event,
        count(viewed_at) as people
    from people_reaching
    union all
    select
        2,
        'Product Added',
        count(added_at)
    from people_reaching
    union all
    select
        3,
        'Order Completed',
        count(ordered_at)
    from people_reaching

)

select
    step,
    event,
    people,
    round(people::numeric / nullif(first_value(people) over (order by step), 0), 3)
        as share_of_first
from people_counted
order by step;
