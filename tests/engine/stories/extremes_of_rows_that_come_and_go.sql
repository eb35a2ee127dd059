-- story: a row that comes and goes within one delta is no extreme, nor a first row
-- covers: self join, min, max, array_agg, scalar subquery
-- tables
create table a (id int primary key, c int);
create table b (id int primary key, c int, kept boolean);
-- view: lowest
select a.id, (select min(b.c) from a as x join b on x.c = b.id where b.kept) as low from a;
-- view: first_one
select x.c, (array_agg(b.c order by b.c, b.id))[1] as first_c, max(b.c) as high
from a as x join b on x.c = b.id where b.kept group by x.c;
-- view: pairs
select x.c, min(y.id) as low, max(y.id) as high, (array_agg(y.id order by y.id desc))[1] as last_id
from a as x join a as y on x.c = y.c and x.id <> y.id group by x.c;
-- step: one that joins nothing yet
insert into b values (7, -5, true), (8, 3, true);
-- step: a row comes that would match, and in the same statement what it matches does not count
with w as (insert into a values (18, 7), (12, 0) returning 1) update b set kept = false where id = 7;
-- step: and the other way round
with w as (update a set c = 8 where id = 18 returning 1) update b set kept = (id = 7);
-- step: both at once, over several rows
with w as (insert into a values (1, 7), (2, 7), (3, 8) returning 1), v as (delete from b where id = 8)
update a set c = 7 where id = 12;
-- step: pairs come and go
update a set c = 9;
with w as (delete from a where id > 3 returning 1) insert into a values (4, 9), (5, 10), (6, 10);
-- step: all goes
delete from a;
