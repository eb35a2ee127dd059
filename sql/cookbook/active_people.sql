-- One row per person seen in the seven days before the newest event, the latest first. A model of
-- it follows the clock: where last_seen_at > now() - interval '7 days' (docs/temporal.md).
-- columns: profile_id, user_id, email, last_seen_at, event_count

with

asked as (

    select interval '7 days' as period

),

newest as (

    select max(last_seen_at) as seen_at
    from profiles

)

select
    profiles.profile_id,
    profiles.user_id,
    profiles.email,
    profiles.last_seen_at,
    profiles.event_count
from profiles
cross join asked
cross join newest
where profiles.last_seen_at > newest.seen_at - asked.period
order by profiles.last_seen_at desc, profiles.profile_id
limit 100;
