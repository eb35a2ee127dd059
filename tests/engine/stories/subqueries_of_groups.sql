-- story: subqueries beside groups, and inside aggregates
-- covers: scalar subquery, having, group by
-- tables
create table a (id int primary key, k int, t text, n numeric);
create table b (id int primary key, k int, t text);
create table u (k int, t text);
-- view: having
select k, sum(n) s from a group by k having sum(n) > (select avg(id) from b);
-- view: counts_in_the_same_words
select k, count(*) c from a group by k having count(*) > (select count(*) from b where b.t = 't1');
-- view: having2
select k, sum(n) s, (select count(*) from u where u.k = a.k) c from a group by k;
-- view: aggsub
select k, sum((select count(*) from u where u.k = a.k)) s, count(*) filter (where exists (select 1 from b where b.id=a.id)) f from a group by k;
-- view: cteq
with c as (select k, count(*) n from u group by k) select a.id, (select n from c where c.k=a.k) n from a where a.k > (select min(n) from c) or a.id > (select max(n) from c);
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
