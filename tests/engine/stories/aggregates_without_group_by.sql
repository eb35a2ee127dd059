-- story: aggregates over the whole table have one row, also of nothing
-- covers: aggregate, TRUNCATE
-- tables
create table t (x int, n numeric);
-- view
select count(*) as rows, sum(x) as total, min(x) as least, max(n) as most, avg(n) as mean, bool_or(x > 1) as any_big from t;
-- step: nothing yet, by a statement that does nothing
delete from t;
-- expect
values (0::bigint, null::bigint, null::int, null::numeric, null::numeric, null::boolean);
-- step: three
insert into t values (1, 1.5), (2, null), (null, 2.25);
-- step: the extremes leave
delete from t where x = 1 or n = 2.25;
-- step: all go
truncate t;
-- expect
values (0::bigint, null::bigint, null::int, null::numeric, null::numeric, null::boolean);
