-- One row per component: its profile_id, from the oldest identifier, and its devices.
{{ config(indexes=[{'columns': ['profile_id']}]) }}

with

components as (

    select * from {{ ref('int_identity_components') }}

),

identifiers_seen as (

    select * from {{ ref('int_identifiers_seen') }}

)

select
    components.component,
    md5({{ earliest_value(
        'components.node', ['identifiers_seen.first_seen_at', 'components.node']
    ) }}) as profile_id,
    count(*) filter (where identifiers_seen.identifier_type = 'anonymous_id') as devices
from components
inner join identifiers_seen on components.node = identifiers_seen.node
group by components.component
