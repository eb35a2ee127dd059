-- story: a table that lost a column has a gap in its attribute numbers
-- covers: dropped column, inner join, group by
-- tables
create table a (gone int, k int, also_gone text, x int);
alter table a drop column gone, drop column also_gone;
create table b (k int, gone int, y int);
alter table b drop column gone, add column z int default 7;
-- view: pairs
select a.k, a.x, b.y, b.z from a join b on b.k = a.k;
-- view: sums
select k, sum(x) as total, count(distinct x) as kinds from a group by k;
-- step: rows
insert into a values (1, 2), (1, 3); insert into b values (1, 5);
-- step: both at once
with d as (delete from a where x = 2 returning 1) update b set y = 6, z = 8;
-- step: emptied
truncate a, b;
