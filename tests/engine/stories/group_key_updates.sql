-- story: rows move between groups, which appear and empty
-- covers: update, group by, count distinct, min, arg-max
-- tables
create table t (id int primary key, g int, x int);
-- view
select g, count(*) as rows, count(distinct x) as kinds, min(x) as least, max(x) as most,
    (array_agg(x order by id desc))[1] as newest
from t group by g;
-- step: two groups
insert into t values (1, 1, 10), (2, 1, 20), (3, 2, 30), (4, 2, 30);
-- step: the extreme of one moves to the other
update t set g = 2 where id = 1;
-- step: all into one
update t set g = 3;
-- step: each its own
update t set g = id;
-- step: all NULL
update t set g = null;
