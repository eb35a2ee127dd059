-- One row per customer with an event in the last seven days; a customer leaves when the last one
-- is older. As a model it is kept so by the time that passes: docs/temporal.md.

select
    coalesce(user_id, anonymous_id) as customer,
    count(*) as events,
    max(occurred_at) as last_seen_at
from {{ ref('events') }}
where {{ penstock.recent('occurred_at', '7 days') }}
group by coalesce(user_id, anonymous_id)
