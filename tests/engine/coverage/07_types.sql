-- section: Types
-- construct: numeric: its scale, NaN and infinity
-- view
select g, sum(case when id = 3 then 'NaN' else n end) as total, max(n * 1.10) as most from t group by g
-- by: Aggregate
-- construct: float: NaN, infinity, -0
-- view
select distinct case g when 0 then 'NaN' when 1 then '-0' when 2 then 'infinity' else f end as f from t
-- by: Aggregate
-- construct: jsonb as a key
-- view
select doc -> 'k' as k, doc -> 'list' as list, count(*) as n from t group by 1, 2
-- by: Aggregate
-- construct: arrays as a key
-- view
select tags, array[g, x] as both, count(*) as n from t group by 1, 2
-- by: Aggregate
-- construct: ranges
-- view
select t.id, u.id as other, int4range(0, t.x, '[]') as span from t join u on int4range(0, t.x, '[]') = int4range(0, u.y, '[]') where t.x >= 0 and u.y >= 0
-- by: Bag
-- construct: intervals
-- view
select make_interval(hours => g) as span, count(*) as n from t group by 1
-- by: Aggregate
-- construct: composites
-- view
select row(g, word) = row(1, 'b') as is_it, count(*) as n from t group by 1
-- by: Aggregate
-- construct: timestamptz, in any session's time zone
-- view
select (at at time zone 'UTC')::date as day, min(at) as first from t group by 1
-- by: Aggregate
-- construct: a cast from text to a date or time
-- view
select id, word::timestamptz as at from t
-- error
a cast from text to a date or time depends on the session and may raise
-- hint
use penstock.to_timestamptz(), which gives NULL instead
