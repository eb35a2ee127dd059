-- One row per person with two devices or more, most devices first: what they use, and when last.
-- columns: profile_id, user_id, email, devices, anonymous_ids, last_seen_at

with

devices as (

    select
        profile_id,
        array_agg(identifier_value order by last_seen_at desc, identifier_value) as anonymous_ids
    from identifiers
    where identifier_type = 'anonymous_id'
    group by profile_id

)

select
    profiles.profile_id,
    profiles.user_id,
    profiles.email,
    profiles.devices,
    devices.anonymous_ids,
    profiles.last_seen_at
from profiles
inner join devices on profiles.profile_id = devices.profile_id
where profiles.devices >= 2
order by profiles.devices desc, profiles.profile_id
limit 100;
