-- Links whose two ends have different components: none, unless the unrolled rounds were too few.

select
    links.a,
    links.b
from {{ ref('int_identity_links') }} as links
inner join {{ ref('int_identity_components') }} as one on links.a = one.node
inner join {{ ref('int_identity_components') }} as other on links.b = other.node
where one.component <> other.component
