-- story: ARRAY(SELECT … ORDER BY …) is the array it would be, empty where there is nothing
-- covers: array subquery, correlated
-- tables
create table a (id int primary key, k int);
create table b (id int primary key, k int, t text);
-- view
select id, array(select b.t from b where b.k = a.k order by b.id desc) as ts from a;
-- view: one
select id, array(select b.id from b order by b.t, b.id) as ids from a where k = 1;
-- step: some
insert into a values (1, 1), (2, 2), (3, null);
insert into b values (1, 1, 'x'), (2, 1, null), (3, 3, 'z');
-- expect: told
values (1, '{NULL,x}'::text[]), (2, '{}'), (3, '{}');
-- step: keys move
update b set k = 2 where id < 3;
update a set k = 3 where id = 2;
-- step: all goes
delete from b;
-- expect: told
values (1, '{}'::text[]), (2, '{}'), (3, '{}');
