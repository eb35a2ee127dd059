-- One row per person: a connected component of identifiers, seen as a profile.
{{ config(indexes=[
    {'columns': ['profile_id']},
    {'columns': ['user_id']},
    {'columns': ['email']},
]) }}

select
    profile_keys.profile_id,
    totals.user_id,
    totals.email,
    totals.phone,
    totals.first_seen_at,
    totals.last_seen_at,
    totals.event_count,
    totals.order_count,
    totals.revenue,
    profile_keys.devices
from {{ ref('int_profile_totals') }} as totals
inner join {{ ref('int_profile_keys') }} as profile_keys
    on totals.component = profile_keys.component
