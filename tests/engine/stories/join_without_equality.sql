-- story: an inner join on an inequality, and a cross join
-- covers: inner join, non-equi join, cross join
-- tables
create table a (x int);
create table b (y int);
-- view: below
select a.x, b.y from a join b on a.x < b.y;
-- view: every_pair
select a.x, b.y from a cross join b;
-- step: some
insert into a values (1), (2), (2), (null);
insert into b values (2), (3), (null);
-- step: they move
update a set x = x + 1;
delete from b where y = 3;
