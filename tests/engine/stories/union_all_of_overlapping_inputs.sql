-- story: union all of overlapping inputs keeps every copy
-- covers: union all, bag
-- tables
create table a (x int, y text);
create table b (x int, y text);
-- view
select x, y from a union all select x, y from a where x > 1 union all select x, y from b;
-- step: the same rows everywhere
insert into a values (1, 'p'), (2, 'p'); insert into b values (2, 'p'), (2, 'p');
-- expect
values (1, 'p'), (2, 'p'), (2, 'p'), (2, 'p'), (2, 'p');
-- step: one table's rows move
update a set x = 3 - x;
-- step: both tables in one statement
with gone as (delete from a where x = 2 returning x, y) insert into b select x, y from gone;
-- step: empty
truncate b;
