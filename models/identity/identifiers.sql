-- One row per identifier: the profile it belongs to.
{{ config(indexes=[
    {'columns': ['identifier_type', 'identifier_value']},
    {'columns': ['profile_id']},
]) }}

select
    identifiers_seen.identifier_type,
    identifiers_seen.identifier_value,
    profile_keys.profile_id,
    identifiers_seen.first_seen_at,
    identifiers_seen.last_seen_at
from {{ ref('int_identifiers_seen') }} as identifiers_seen
inner join {{ ref('int_identity_components') }} as components
    on identifiers_seen.node = components.node
inner join {{ ref('int_profile_keys') }} as profile_keys
    on components.component = profile_keys.component
