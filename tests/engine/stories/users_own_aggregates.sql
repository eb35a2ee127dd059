-- story: aggregates that users made, by any name, in any form
-- covers: create aggregate, variadic, ordered-set aggregate, filter, distinct, quoted names
-- tables
create schema if not exists "Other Place";
create table t (id int primary key, g int, x int, y int);
create function twice(s numeric, v numeric) returns numeric language sql immutable as 'select coalesce(s, 0) + 2 * coalesce(v, 0)';
create aggregate doubled(numeric) (sfunc = twice, stype = numeric);
create aggregate "Other Place"."My Largest"(int) (sfunc = int4larger, stype = int);
create function add_all(s int, variadic v int[]) returns int language sql immutable as 'select s + coalesce((select sum(e) from unnest(v) as e), 0)::int';
create aggregate total(variadic int[]) (sfunc = add_all, stype = int, initcond = '0');
create function collect(s int[], v int) returns int[] language sql immutable as 'select s || v';
create function nth(s int[], n int) returns int language sql immutable as 'select (select array_agg(e order by e) from unnest(s) as e)[n]';
create aggregate nth_smallest(int order by int) (sfunc = collect, stype = int[], finalfunc = nth, initcond = '{}');
-- view: by_group
select g, doubled(x) as d, public.doubled(x) filter (where y > 1) as f, doubled(distinct x) as o,
    "Other Place"."My Largest"(x) as m, "Other Place"."My Largest"(distinct y) filter (where x > 1) as n,
    total(x, y) as t, total(variadic array[x, y, 1]) as v, nth_smallest(2) within group (order by x) as s, nth_smallest(1) within group (order by y) filter (where x = 2) + 1 as z
from t group by g;
-- view: of_everything
select doubled(x) as d, "Other Place"."My Largest"(y) + count(*) as m from t having doubled(x) is distinct from 7;
-- step: rows come
insert into t values (1, 1, 2, 3), (2, 1, 2, null), (3, null, null, 1), (4, 1, 5, 0);
-- expect: of_everything
values (18::numeric, 7::bigint);
-- step: they change
update t set x = x + 1, g = 2 where id in (2, 3);
-- step: and go
delete from t;
