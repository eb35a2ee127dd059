-- story: a scalar subquery is the value it would be, row by row
-- covers: scalar subquery, correlated, uncorrelated, count of nothing
-- tables
create table a (id int primary key, k int, t text, n numeric);
create table b (id int primary key, k int, t text);
create table u (k int, t text);
-- view: scal
select id, (select max(n) from a) as m, (select count(*) from b) c from b;
-- view: scal2
select id, (select max(b.id) from b where b.k = a.k) m, (select count(*) from u where u.k=a.k and u.t <> 'x1') c from a;
-- view: scal3
select id, (select t from b where b.id = a.id) bt from a;
-- view: scal4
select id from a where n > (select avg(n) from a);
-- view: scal5
select id from a where n > (select 0.5*avg(a2.n) from a a2 where a2.k = a.k);
-- view: scal6
select id, (select count(*) from b where b.id < a.id) lt, (select sum(b.id) + a.k from b where b.id < a.k) sm from a;
-- view: nested3
select id from a where n = (select max(a2.n) from a a2 where a2.k = a.k);
-- view: case
select id, case when exists (select 1 from u where u.k=a.k) then 'y' else 'n' end c, coalesce((select min(t) from b where b.k=a.k), '-') m from a;
-- view: union_out
select q.id, (select count(*) from u where u.k = q.k) c from (select id, k from a union all select id, k from b) q;
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
