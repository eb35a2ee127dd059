-- story: LATERAL subqueries are asked once a row
-- covers: lateral, left join lateral, aggregates
-- tables
create table a (id int primary key, k int, t text, n numeric);
create table b (id int primary key, k int, t text);
create table u (k int, t text);
-- view: lat
select a.id, l.x from a cross join lateral (select b.id + a.id as x from b where b.k = a.k) l;
-- view: lat2
select a.id, l.c, l.m from a cross join lateral (select count(*) c, max(b.id) m from b where b.k = a.k) l;
-- view: lat3
select a.id, l.x from a left join lateral (select b.id as x from b where b.k = a.k and b.id > a.id) l on true;
-- view: lat5
select a.id, l.c, l.t from a, lateral (select t, count(*) c from u where u.k = a.k group by t) l;
-- view: lat6
select a.id, l.x from a left join lateral (select distinct b.t || a.t as x from b where b.k = a.k) l on l.x > 't1';
-- view: lat7
select a.id, l.k from a cross join lateral (select distinct on (b.k) b.k from b where b.k = a.k) l;
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
