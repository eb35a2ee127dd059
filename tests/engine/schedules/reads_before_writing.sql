-- schedule: a session that has read first writes after another's commit
-- covers: snapshot, left join, having
-- tables
create table a (k int, x int);
create table b (k int, y int);
-- view: pairs
select a.k, a.x, b.y from a left join b on b.k = a.k;
-- view: many
select k from a group by k having count(*) > 1;
-- rows
insert into a values (1, 1);
-- session: looks, then writes
select count(*) from pairs;
-- then
insert into a values (1, 2);
-- session: writes
insert into b values (1, 10);
-- then
insert into a values (1, 3);
