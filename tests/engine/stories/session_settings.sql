-- story: settings of the writer's session change nothing
-- covers: time zone, datestyle, extra_float_digits, distinct, bag
-- tables
create table t (id int primary key, at timestamptz, f double precision, i interval, raw bytea);
-- view: bag
select at, f, i, raw from t;
-- view: rows
select distinct at, f, raw from t;
-- view: newest
select max(at) as newest, sum(f) as total, count(distinct i) as waits from t;
-- step: under one set of settings
set local timezone = 'Asia/Tokyo'; set local datestyle = 'German'; set local extra_float_digits = -15; set local intervalstyle = 'iso_8601';
insert into t values (1, '2026-01-01 00:00Z', 0.1, '1 day', '\x01'), (2, '2026-01-01 00:00Z', 0.1000000000000001, '1 day', '\x01');
-- step: under another
set local timezone = 'UTC'; set local extra_float_digits = 3; set local bytea_output = 'escape'; set local datestyle = 'ISO';
delete from t where id = 1;
-- expect: bag
values ('2026-01-01 00:00Z'::timestamptz, 0.1000000000000001::float8, '1 day'::interval, '\x01'::bytea);
-- step: and with other planner settings
set local enable_indexscan = off; set local plan_cache_mode = force_generic_plan; set local standard_conforming_strings = off;
set local transform_null_equals = on; set local search_path = pg_temp;
update public.t set f = 0.1;
set local search_path = public;
set local transform_null_equals = off;
