-- story: VALUES joined with tables, as rows of their own, and for each row
-- covers: values, lateral values, in (values), union all of constants, cte of values, left join from values
-- tables
create table t (id int primary key, g int, low numeric, high numeric);
create table k (g int);
-- view: named
select t.id, v.label from t join (values (1, 'one'), (2, 'two'), (null, 'none'), (1, 'uno')) as v (g, label) on v.g = t.g;
-- view: named_or_not
select k.g, v.label from k left join (values (1, 'one'), (2, 'two'), (1, 'uno')) as v (g, label) on v.g = k.g;
-- view: counted
select v.g, count(t.id) as n, max(t.id) as most from (values (1), (2), (5)) as v (g) left join t on t.g = v.g group by v.g;
-- view: all_of_them
with names (g, label) as (values (1, 'one'), (2, 'two')) select n.label, t.id, k.g from names as n left join t on t.g = n.g left join k on k.g = n.g;
-- view: sides
select t.id, s.side, s.amount from t cross join lateral (values ('low', t.low), ('high', t.high), ('none', null)) as s (side, amount);
-- view: chosen
select t.id from t where t.g in (values (1), (3)) and t.id not in (select v.id from (values (2), (3)) as v (id));
-- view: with_constants
select id, g from t union all select 0, 7 union all values (1, 1), (1, 1);
-- view: computed
select t.id, c.mean, d.above from t cross join lateral (select (t.low + t.high) / 2 as mean) as c cross join lateral (select c.mean > t.low as above where t.g is not null) as d;
-- step: rows come
insert into t values (1, 1, 1.0, 2.50), (2, 2, null, 1), (3, null, 0, 0), (4, 1, 1, 1.00);
insert into k values (1), (1), (null), (2);
-- expect: counted
values (1, 2::bigint, 4), (2, 1, 2), (5, 0, null);
-- step: both at once
with a as (update t set g = 5 where g = 1 returning 1) update k set g = 5 where g = 1;
-- step: gone again
delete from t where g = 5;
-- step: emptied
truncate t, k;
