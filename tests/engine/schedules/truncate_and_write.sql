-- schedule: one session truncates what another fills
-- covers: truncate, join
-- tables
create table a (k int, x int);
create table b (k int, y int);
-- view
select a.x, b.y from a left join b on b.k = a.k;
-- rows
insert into a values (1, 1), (2, 2); insert into b values (1, 10), (1, 11);
-- session: truncates
truncate b;
-- then
insert into b values (2, 20);
-- session: fills
insert into a values (1, 3);
-- then
with n as (delete from b where y = 10 returning 1) insert into a values (2, 4);
