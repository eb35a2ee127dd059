-- story: statements that change nothing change nothing
-- covers: empty statement, group by, distinct on, left join
-- tables
create table a (k int, x int);
create table b (k int, y int);
-- view: sums
select k, sum(x) as total from a group by k;
-- view: first_rows
select distinct on (k) k, x from a order by k, x;
-- view: pairs
select a.x, b.y from a left join b on b.k = a.k;
-- step: rows
insert into a values (1, 1), (2, 2); insert into b values (1, 1);
-- step: nothing matches
delete from a where false; update b set y = 1 where false; insert into a select * from a where false;
-- step: set to what it was
update a set x = x, k = k; update b set y = y;
-- step: nothing of two tables at once
with n as (delete from b where false returning 1) update a set x = 0 where false;
-- step: to and fro within one transaction
update a set x = x + 1; update a set x = x - 1; delete from b; insert into b values (1, 1);
