-- story: LIMIT 0 gives no row, whatever it limits and without an order
-- covers: limit, offset, with ties, group by, union, distinct, exists, lateral
-- tables
create table t (id int primary key, g int, x int);
create table u (id int primary key, g int, x int);
-- view: plain
select id, x from (select * from t where false limit 0) as none_of_them;
-- view: bare
select * from t limit 0;
-- view: grouped
select g, sum(x) as total from t group by g limit 0;
-- view: counted
select count(*) as n from t limit 0;
-- view: counted_over
select count(*) as n, sum(l.x) as total from (select * from t limit 0) as l;
-- view: either
select id from t union all select id from u limit 0;
-- view: one_side
(select id from t limit 0) union all select id from u;
-- view: without
select id from t except (select id from u limit 0);
-- view: unlike
select distinct x from t order by x offset 1 fetch first 0 rows with ties;
-- view: ranked
select id, row_number() over (order by id) as n from t limit 0;
-- view: joined
select t.id, l.x from t left join lateral (select u.x from u where u.g = t.g limit 0) as l on true;
-- view: asked
select id, exists (select 1 from u where u.g = t.g limit 0) as there, (select x from u where u.g = t.g limit 0) as x
from t where not exists (select 1 from u limit 0);
-- step: rows
insert into t values (1, 1, 5), (2, 1, 7), (3, null, null);
insert into u values (1, 1, 5), (2, 2, 7), (3, null, null);
-- step: they change
update t set x = 6, g = 2 where id = 1;
update u set x = 9, g = 1 where id = 2;
-- step: they leave
delete from t where id = 2;
delete from u;
