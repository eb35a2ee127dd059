-- story: EXISTS and IN in any expression, with SQL's NULL
-- covers: exists, in, not in, any, all, three-valued logic
-- tables
create table a (id int primary key, k int, t text, n numeric);
create table b (id int primary key, k int, t text);
create table u (k int, t text);
-- view: exor
select id from a where exists (select 1 from u where u.k=a.k) or n < 5;
-- view: inor
select id from a where (k in (select k from u)) is not true or n < 5;
-- view: insel
select id, k in (select k from u) as i, k not in (select k from u) as ni, exists (select from b where b.id=a.id) as e from a;
-- view: anyv
select id, id < any (select id from b) x, k >= all (select k from u) y from a;
-- step: some of each
insert into a select i, i % 5, 't' || i % 3, i * 1.5 from generate_series(1, 12) as i;
insert into b select i, i % 5, 't' || i % 3 from generate_series(1, 6) as i;
insert into u select i % 4, 'x' || i % 2 from generate_series(1, 8) as i;
-- step: NULLs and rows twice
insert into a values (100, 1, 't1', 2.50), (101, null, null, null);
insert into u values (1, 'x1'), (1, 'x1'), (null, null);
insert into b values (200, null, null);
-- step: the inner side loses a key
delete from u where k = 1;
-- step: keys move
update a set k = k + 1 where id < 6;
update b set id = id + 1000 where id > 4;
-- step: the largest goes
delete from a where n = (select max(n) from a);
-- step: two tables in one statement
with d as (update b set k = k + 1 returning *), e as (delete from u where k = 3)
insert into a select id + 5000, k, t, 0 from d;
-- step: the inner side is emptied
truncate u;
delete from b;
-- step: and filled again
insert into u values (0, 'x1'), (2, 'y');
insert into b values (1, 0, 't1'), (2, 2, 't2');
-- step: all goes
delete from a;
truncate u;
