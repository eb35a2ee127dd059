-- Who is held back is told why.
select *
from {{ ref('events_quarantined') }}
where cardinality(violations) = 0
