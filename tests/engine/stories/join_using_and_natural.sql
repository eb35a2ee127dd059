-- story: USING shows its column once
-- covers: inner join, using
-- tables
create table a (k int, l int, x int);
create table b (k int, l int, y int);
-- view
select * from a join b using (k, l);
-- step: one meets
insert into a values (1, 1, 10), (1, 2, 20);
insert into b values (1, 1, 100), (2, 2, 200);
-- expect
values (1, 1, 10, 100);
