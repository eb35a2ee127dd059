-- story: a user's own aggregate as a window function, over rows and over groups
-- covers: window, user-defined aggregate, filter
-- tables
create table t (id int primary key, g int, x int);
create aggregate public.total (int) (sfunc = int4pl, stype = int, initcond = '0');
-- view: running
select id, public.total(x) over (partition by g order by id) as so_far,
    public.total(x) filter (where x > 1) over (partition by g) as high
from t;
-- view: told
select g, public.total(x) as s, public.total(public.total(x)) over (order by g) as so_far,
    sum(public.total(x)) filter (where g > 1) over () as some
from t group by g;
-- step: rows
insert into t values (1, 1, 5), (2, 1, 7), (3, 2, 1), (4, null, 3);
-- step: changes
update t set g = 2 where id = 2;
update t set x = 0 where id = 1;
-- step: one leaves
delete from t where id = 3;
