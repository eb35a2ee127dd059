-- One row per type and window of five minutes, a window beginning each minute, of the last hour.

select
    window_start,
    type,
    count(*) as events
from {{ penstock.hopping_windows(ref('events'), 'occurred_at', size='5 minutes', hop='1 minute') }}
    as windows
-- By the event's time, so that PostgreSQL looks expired events up in one index; and by the
-- window's, which would else be shown when it has lost its first events.
where {{ penstock.recent('occurred_at', '65 minutes') }}
group by window_start, type
having {{ penstock.recent('window_start', '1 hour') }}
