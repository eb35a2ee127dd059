-- One row per identifier: when its events began. A node is 'type:value'.
{{ config(indexes=[{'columns': ['identifier_type', 'identifier_value']}]) }}

with

sightings as (

    select * from {{ ref('int_identifier_sightings') }}

)

select
    node,
    split_part(node, ':', 1) as identifier_type,
    substr(node, length(split_part(node, ':', 1)) + 2) as identifier_value,
    min(first_seen_at) as first_seen_at
from sightings
group by node
