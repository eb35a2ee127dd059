-- story: one statement changes two inputs of a cascade
-- covers: data-modifying CTE, cascade, diamond, group by, top 1
-- tables
create table a (id int primary key, k int, x int);
create table b (id int primary key, k int, y int);
-- view: sums
select k, sum(x) as total, min(x) as least from a group by k;
-- view: latest
select distinct on (k) k, y, id from b order by k, y desc, id;
-- view: pairs
select s.k, s.total, l.y, a.id as a_id from sums as s join latest as l on l.k = s.k join a on a.k = s.k;
-- view: rest
select b.id, s.total from b left join sums as s on s.k = b.k;
-- step: both
with n as (insert into a values (1, 1, 10), (2, 1, 20), (3, 2, 5) returning 1) insert into b values (1, 1, 1), (2, 1, 2), (3, 3, 3);
-- step: both again
with n as (update a set k = 3 where id = 1 returning 1), d as (delete from b where id = 2 returning 1) insert into a values (4, 1, 7);
-- expect: pairs
values (1, 27::bigint, 1, 2), (1, 27, 1, 4), (3, 10, 3, 1);
-- step: keys trade places
with n as (update a set k = 4 - k returning 1) update b set k = 4 - k;
