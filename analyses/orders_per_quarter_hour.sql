-- One row per quarter of an hour of the last day in which something was ordered, once it is over.

select
    {{ penstock.tumbling_window('occurred_at', '15 minutes') }} as window_start,
    count(*) as orders
from {{ ref('events') }}
where
    event = 'Order Completed'
    and {{ penstock.recent('occurred_at', '1 day') }}
group by {{ penstock.tumbling_window('occurred_at', '15 minutes') }}
having
    {{ penstock.temporal_filter(
        penstock.tumbling_window('occurred_at', '15 minutes'), '<=', '15 minutes'
    ) }}
