-- schedule: both sides of a join come at once
-- covers: inner join
-- tables
create table a (k int, x text);
create table b (k int, y text);
-- view
select a.x, b.y from a join b on b.k = a.k;
-- rows
insert into a values (0, 'old'); insert into b values (0, 'old');
-- session: left
insert into a values (1, 'x');
-- then
update a set x = 'new' where k = 0;
-- session: right
insert into b values (1, 'y');
-- then
delete from b where k = 0;
