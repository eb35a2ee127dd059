-- story: DISTINCT, DISTINCT ON and a filter after windows
-- covers: window, distinct, distinct on, derived table, CTE
-- tables
create table t (id int primary key, g int, x int);
-- view: once
select distinct g, count(*) over (partition by g) as n, max(x) over (partition by g) as most from t;
-- view: first
select distinct on (g) g, id, row_number() over (order by x desc, id) as place, x + sum(x) over (partition by g) as more
from t order by g, rank() over (order by x, id), id;
-- view: told
with numbered as (
    select *, avg(x) over (partition by g) as usual, lag(x) over (order by id) as before from t
)
select a.id, a.x - a.usual as off, b.n
from numbered as a left join (select g, count(*) as n from numbered where before is null or x > before group by g) as b on b.g = a.g
where a.x >= a.usual;
-- step: rows
insert into t values (1, 1, 5), (2, 1, 7), (3, 2, null), (4, null, 3), (5, null, 4), (6, 2, 9);
-- step: changes
update t set x = 1 where id = 2;
update t set g = 1 where id = 5;
-- step: one leaves
delete from t where id = 1;
update t set id = 10 where id = 3;
