-- story: windows and first rows inside subqueries, asked once for each outer row
-- covers: window, lateral, scalar subquery, exists, limit, top-n
-- tables
create table t (id int primary key, g int);
create table u (id int primary key, g int, x int);
-- view: ranked
select t.id, l.x, l.n, l.total from t cross join lateral (
    select u.x, row_number() over (order by u.x desc, u.id) as n, sum(u.x) over w as total from u where u.g = t.g window w as (order by u.id)
) as l;
-- view: two_best
select t.id, l.id as u, l.x from t left join lateral (select u.id, u.x from u where u.g = t.g order by u.x desc nulls last, u.id limit 2) as l on true;
-- view: second
select t.id, (select u.x from u where u.g = t.g order by u.x, u.id limit 1 offset 1) as x,
    (select max(r.n) from (select u.g, rank() over (order by u.x) as n from u) as r where r.g = t.g) as worst from t;
-- view: told
select t.id, row_number() over (partition by t.g order by t.id) + (select count(*) from u where u.g = t.g) as n
from t where exists (select from (select g, dense_rank() over (order by x) as place from u) as r where r.g = t.g and r.place <= 2);
-- step: rows
insert into t values (1, 1), (2, 1), (3, 2), (4, null), (5, 3);
insert into u values (1, 1, 5), (2, 1, 7), (3, 1, null), (4, 2, 5), (5, null, 1), (6, 3, 9);
-- step: both in one statement
with a as (update t set g = 2 where id = 2 returning 1) update u set x = 8 where id = 1;
-- step: keys change
update u set g = 3 where id = 4;
update t set g = 1 where id = 5;
-- step: they leave
delete from u where x > 7;
delete from t where id = 1;
