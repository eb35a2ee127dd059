-- story: sets among a SELECT's outputs advance together, padded with NULL
-- covers: set-returning functions in SELECT, nested sets, GROUP BY a set, sets of aggregates, distinct
-- tables
create table t (id int primary key, g int, a int[], j jsonb);
create table k (g int, a int[]);
create function twice(n int) returns setof int language sql immutable as 'select x from (values (n), (n)) as v (x) where n is not null';
-- view: lockstep
select id, unnest(a) + 1 as x, generate_series(1, g) as y, j from t;
-- view: nested
select id, generate_series(1, 2) as n, generate_series(1, unnest(a)) as m from t;
-- view: fields
select k.g, (jsonb_each(jsonb_build_object('g', k.g, 'a', k.a))).* from k;
-- view: mine
select public.twice(id) as id, twice(a[1]) as first from t;
-- view: grouped
select unnest(a) as x, count(*) as n, sum(id) as ids from t group by unnest(a);
-- view: of_groups
select g, unnest(array_agg(id order by id)) as id, count(*) + 1 as n from t group by g having count(*) > 1;
-- view: different
select distinct unnest(a) as x, g from k;
-- view: counted
select count(*) as n from (select unnest(a) from k) as q;
-- step: longer and shorter sets
insert into t values (1, 1, array[3, 4], '{"a": 1}'), (2, 3, array[1], '{}'), (3, null, '{}', null), (4, 3, null, 'null'), (5, 0, array[null, 2], '[1]');
insert into k values (1, array[1, 1]), (1, array[1, 1]), (null, array[null, 1]), (2, '{}'), (2, null);
-- expect: lockstep
values (1, 4, 1, '{"a": 1}'::jsonb), (1, 5, null, '{"a": 1}'), (2, 2, 1, '{}'), (2, null, 2, '{}'), (2, null, 3, '{}'), (4, null, 1, 'null'), (4, null, 2, 'null'), (4, null, 3, 'null'), (5, null, null, '[1]'), (5, 3, null, '[1]');
-- expect: grouped
values (1, 1::bigint, 2::bigint), (2, 1, 5), (3, 1, 1), (4, 1, 1), (null, 1, 5);
-- step: two tables at once
with a as (update t set g = g + 1, a = a || 1 returning 1) update k set a = a || 1 where g is null or g = 1;
-- step: out of their groups
update t set g = 3 where id < 3;
delete from k where g = 1;
-- step: a key changes
update t set id = id + 1 where id = 5;
-- step: emptied
truncate t, k;
