-- story: the first rows of what belongs to each outer row, in every form
-- covers: lateral, limit, offset, with ties, distinct, group by, exists
-- tables
create table t (id int primary key, g int);
create table u (id int primary key, g int, x int);
-- view: kinds
select t.id, l.x from t, lateral (select distinct u.x from u where u.g = t.g order by u.x limit 2) as l;
-- view: tied
select t.id, l.x, l.uid from t, lateral (select u.x, u.id as uid from u where u.g = t.g order by u.x nulls first offset 1 fetch first 2 rows with ties) as l;
-- view: counted
select t.id, l.x, l.n from t left join lateral (select u.x, count(*) as n from u where u.g = t.g group by u.x order by count(*) desc, u.x limit 2) as l on true;
-- view: chosen
select t.id, l.x, l.uid from t, lateral (select distinct on (u.x) u.x, u.id as uid from u where u.g = t.g order by u.x, u.id desc limit 2) as l;
-- view: ranked
select t.id, l.x, l.r from t, lateral (select u.x, rank() over (order by u.x) as r from u where u.g = t.g order by rank() over (order by u.x desc), u.id limit 2) as l;
-- view: larger
select t.id, l.x from t, lateral (select u.x from u where u.g > t.g order by u.x, u.id limit 3) as l;
-- view: told
select t.id, (select u.x + 1 from u where u.g = t.g order by u.x desc nulls last, u.id limit 1) as x, exists (select 1 from u where u.x = t.g limit 1) as there
from t where exists (select 1 from u limit 1);
-- step: rows
insert into t values (1, 1), (2, 1), (3, 2), (4, null), (5, 3);
insert into u values (1, 1, 5), (2, 1, 7), (3, 1, null), (4, 2, 5), (5, null, 1), (6, 3, 9), (7, 1, 5), (8, 1, 5), (9, 1, 7), (10, 2, 1);
-- step: both in one statement
with a as (update t set g = 2 where id = 2 returning 1) update u set x = 8 where id = 1;
-- step: keys change
update u set g = 3 where id in (4, 9);
update t set g = 1 where id = 5;
-- step: they leave
delete from u where x > 7;
delete from t where id = 1;
-- step: nothing is left to look at
delete from u;
