-- One row per window of five minutes, one beginning each minute, of the hour before the newest
-- event: how many events it holds. analyses/events_per_window.sql is the same as a model.
-- columns: window_start, events, devices

with

newest as (

    select max(occurred_at) as occurred_at
    from events

),

-- An event is in five windows: one for each minute within a window's length.
in_windows as (

    select
        date_bin('1 minute', events.occurred_at, timestamptz '1970-01-01 00:00:00+00')
        - hops.number * interval '1 minute' as window_start,
        events.anonymous_id
    from events
    cross join newest
    cross join generate_series(0, 4) as hops (number)
    where events.occurred_at > newest.occurred_at - interval '65 minutes'

)

select
    in_windows.window_start,
    count(*) as events,
    count(distinct in_windows.anonymous_id) as devices
from in_windows
cross join newest
where in_windows.window_start > newest.occurred_at - interval '1 hour'
group by in_windows.window_start
order by in_windows.window_start desc;
