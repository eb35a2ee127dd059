-- schedule: two sessions write two unrelated pipelines in opposite order
-- covers: deadlock
-- allows: 40P01
-- tables
create table a (x int);
create table b (y int);
-- view: of_a
select sum(x) as total from a;
-- view: of_b
select sum(y) as total from b;
-- session: a, then b
insert into a values (1);
-- then
insert into b values (1);
-- session: b, then a
insert into b values (2);
-- then
insert into a values (2);
