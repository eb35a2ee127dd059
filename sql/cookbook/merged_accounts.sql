-- One row per person with two accounts or more: accounts that an alias, a device, an email or a
-- phone joined. Far more accounts than the rest means one identifier that many people share.
-- columns: profile_id, accounts, user_ids, shared_devices, emails, phones

with

identifiers_counted as (

    select
        profile_id,
        count(*) filter (where identifier_type = 'user_id') as accounts,
        array_agg(identifier_value order by first_seen_at, identifier_value)
            filter (where identifier_type = 'user_id') as user_ids,
        count(*) filter (where identifier_type = 'email') as emails,
        count(*) filter (where identifier_type = 'phone') as phones
    from identifiers
    group by profile_id

),

devices_with_several_accounts as (

    select anonymous_id
    from events
    where anonymous_id is not null and user_id is not null
    group by anonymous_id
    having count(distinct user_id) >= 2

),

shared_devices_counted as (

    select
        identifiers.profile_id,
        count(*) as shared_devices
    from devices_with_several_accounts as shared
    inner join identifiers
        on
            identifiers.identifier_type = 'anonymous_id'
            and shared.anonymous_id = identifiers.identifier_value
    group by identifiers.profile_id

)

select
    counted.profile_id,
    counted.accounts,
    counted.user_ids,
    coalesce(shared.shared_devices, 0) as shared_devices,
    counted.emails,
    counted.phones
from identifiers_counted as counted
left join shared_devices_counted as shared on counted.profile_id = shared.profile_id
where counted.accounts >= 2
order by counted.accounts desc, counted.profile_id
limit 100;
