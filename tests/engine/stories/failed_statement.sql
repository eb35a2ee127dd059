-- story: a statement that fails halfway leaves no trace
-- covers: error, on conflict, data-modifying CTE
-- tables
create table a (k int primary key, x int check (x < 100));
create table b (k int, y int);
-- view
select a.k, a.x, b.y from a left join b on b.k = a.k;
-- step: one row
insert into a values (1, 1); insert into b values (1, 1);
-- step: the second row breaks a rule
insert into a values (2, 2), (3, 100);
-- error: violates check constraint
-- step: both tables, and the second fails
with n as (insert into b values (2, 2) returning 1) insert into a values (2, 2), (2, 3);
-- error: duplicate key
-- step: things go on, with both at once
with n as (insert into b values (2, 2) returning 1) insert into a values (2, 2);
-- expect
values (1, 1, 1), (2, 2, 2);
