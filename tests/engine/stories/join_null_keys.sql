-- story: NULL joins nothing with =, and itself with IS NOT DISTINCT FROM
-- covers: inner join, NULL
-- tables
create table a (k int, x int);
create table b (k int, y int);
-- view: equal
select a.x, b.y from a join b on a.k = b.k;
-- view: same
select a.x, b.y from a join b on a.k is not distinct from b.k;
-- step: NULL on both sides
insert into a values (null, 1), (1, 2);
insert into b values (null, 10), (1, 20);
-- expect: equal
values (2, 20);
-- expect: same
values (1, 10), (2, 20);
-- step: NULL becomes a value
update a set k = 1 where k is null;
-- step: a value becomes NULL
update b set k = null where k = 1;
