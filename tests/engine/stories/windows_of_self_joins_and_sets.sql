-- story: windows and first rows of self joins, sets, elements and grouping sets
-- covers: window, self join, full join, except, unnest, rollup, keyless, top-n
-- tables
create table t (id int primary key, g int, x int, tags text[]);
create table k (g int, x numeric);
-- view: pairs
select a.id, b.id as other, rank() over (partition by a.g order by b.x, b.id) as place, count(*) over (partition by a.x) as n
from t as a join t as b on b.g = a.g and b.id <> a.id;
-- view: full_joined
select t.id, k.x, row_number() over (partition by coalesce(t.g::numeric, k.x) order by t.id nulls first, k.x, k.x::text, k.g) as n
from t full join k on k.g = t.g;
-- view: rest
select g, x, dense_rank() over (partition by g order by x) as place from (select g, x from t except all select g, x::int from k) as r;
-- view: elements
select t.id, e.tag, count(*) over (partition by e.tag) as n, lag(e.tag) over (partition by t.id order by e.place) as before
from t cross join lateral unnest(t.tags) with ordinality as e (tag, place);
-- view: totals
select g, x, count(*) as n, rank() over (partition by g order by count(*) desc, x) as place, sum(count(*)) over (partition by grouping(g, x)) as of_level
from t group by rollup (g, x);
-- view: told
select p.id, p.place, r.place as level from pairs as p left join (select g, max(place) as place from rest group by g) as r on r.g = p.other
order by p.place desc, p.id, p.other limit 4;
-- step: rows
insert into t values (1, 1, 5, '{a,b,a}'), (2, 1, 5, '{a,null}'), (3, 2, null, '{}'), (4, null, 3, null), (5, 2, 1, '{b}');
insert into k values (1, 5), (1, 5), (2, 1.0), (2, 1.00), (null, 3), (3, 7);
-- step: both in one statement
with a as (update t set g = 2, x = x + 1 where id in (1, 4) returning 1) delete from k where g = 1;
-- step: keys change
update t set id = id + 10 where g = 2;
update k set x = 1.000 where g = 2;
-- step: they leave
delete from t where x = 5;
truncate k;
