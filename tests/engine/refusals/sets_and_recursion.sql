-- refusal: a recursive CTE of another shape
-- tables
create table t (id int primary key, g int, x int, f float8, at timestamptz, on_day date, word text, doc jsonb);
create table u (id int primary key, g int, y int);
-- view
with recursive r (id) as (select id from t where x is null union all select t.id from t join r on t.x = r.id) select id from r
-- error
WITH RECURSIVE cannot be maintained
-- hint
write connected components with penstock.connected_components()
-- refusal: no FROM
-- view
select 1 as one
-- error
a query that reads no table cannot be maintained
-- hint
it never changes: make it a plain view or a seed
-- refusal: VALUES
-- view
values (1), (2)
-- error
a query that reads no table cannot be maintained
-- hint
it never changes: make it a plain view or a seed
-- refusal: a set that depends on the session's time zone
-- view
select t.id, d.day from t, generate_series(t.at, t.at, interval '1 day') as d (day)
-- error
generate_series() depends on the session's settings and cannot be maintained
-- hint
use an immutable form, such as (column at time zone 'UTC')::date
-- refusal: records with a date
-- view
select t.id, r.day from t, jsonb_to_recordset(t.doc) as r (day date)
-- error
jsonb_to_recordset() depends on the session's settings and cannot be maintained
-- hint
use an immutable form, such as (column at time zone 'UTC')::date
