-- section: Time
-- construct: temporal filter
-- view
select id from t where at > now() - interval '7 days'
-- construct: temporal filter: BETWEEN
-- view
select id from t where at between now() - interval '7 days' and now()
-- construct: temporal filter in FILTER
-- view
select g, count(*) filter (where at >= now() - interval '1 day') as lately from t group by g
-- construct: temporal filter under a group
-- view
select g, sum(x) as total from t where at > now() - interval '1 day' group by g
-- construct: tumbling window
-- view
select date_bin('1 hour', at, timestamptz '2020-01-01Z') as hour, count(*) as n from t group by 1
-- by: Aggregate
-- construct: hopping window
-- view
select h.hour, count(*) as n from t, generate_series(0, 1) as s (n), lateral (values (date_bin('30 minutes', t.at, timestamptz '2020-01-01Z') - s.n * interval '30 minutes')) as h (hour) group by h.hour
-- construct: now() shown
-- view
select id, now() - at as age from t
-- error
now() cannot be maintained outside a comparison
-- hint
compare a column with it, such as ts > now() - interval '7 days'; show an age when reading the view
-- construct: date_trunc of timestamptz
-- view
select date_trunc('day', at) as day, count(*) as n from t group by 1
-- error
date_trunc() depends on the session's settings and cannot be maintained
-- hint
use an immutable form, such as (column at time zone 'UTC')::date
-- construct: random() and other VOLATILE functions
-- view
select id, random() as r from t
-- error
random() is volatile and cannot be maintained
-- hint
compute it before the row is written, and store it
-- section: Inputs
-- construct: plain view
-- view
select id, twice from plain where twice > 2
-- by: Bag
-- construct: maintained view
-- view
select g, max(n) as most from by_group group by g
-- by: Aggregate
-- construct: native materialized view
-- view
select id from native
-- error
the native materialized view public.native cannot be maintained
-- hint
make it a maintained model, or a table
-- construct: partitioned table
-- view
select id from parted
-- by: KeylessBag
-- construct: one partition of a table
-- view
select id from parted_1
-- error
public.parted_1 is a partition: rows written by way of its root pass it by
-- hint
read from the partitioned table, and filter in the model
-- construct: inherited table
-- view
select id from parent
-- error
public.parent inherits or is inherited from, and cannot be maintained
-- hint
use declarative partitioning, or union all of plain tables
-- construct: table with row-level security
-- view
select id from guarded
-- error
public.guarded has row-level security, which a maintained view cannot honour
-- hint
filter in the model, and grant SELECT on the view only
-- construct: system catalogue
-- view
select relname::text from pg_catalog.pg_class
-- error
the system catalogue cannot be maintained
-- hint
copy it into a table
