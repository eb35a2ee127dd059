-- schedule: writers that take the lock when their rows are written, not before
-- covers: inner join, group by
-- tables
create table a (k int, x text);
create table b (k int, y text);
-- view
select a.x, count(*) as n, max(b.y) as last from a join b on b.k = a.k group by a.x;
-- rows
insert into a values (0, 'old'); insert into b values (0, 'old');
-- session: left
set local penstock.late = 'on';
-- then
insert into a values (1, 'x'), (0, 'old');
-- then
insert into b values (1, 'from left');
-- session: right
set local penstock.late = 'on';
-- then
insert into b values (1, 'y'), (0, 'new');
-- then
update a set x = 'new' where k = 0;
