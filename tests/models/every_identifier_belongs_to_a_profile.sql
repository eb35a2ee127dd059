-- No identifier points to a profile that is not there, and none is left out.
select identifiers.identifier_type, identifiers.identifier_value
from {{ ref('identifiers') }} as identifiers
left join {{ ref('profiles') }} as profiles on identifiers.profile_id = profiles.profile_id
where profiles.profile_id is null
union all
select seen.identifier_type, seen.identifier_value
from {{ ref('int_identifiers_seen') }} as seen
left join {{ ref('identifiers') }} as identifiers
    on
        seen.identifier_type = identifiers.identifier_type
        and seen.identifier_value = identifiers.identifier_value
where identifiers.profile_id is null
