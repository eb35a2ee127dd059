-- story: two grouped views joined on their keys, with conditions on both
-- covers: cascade, inner join, left join, diamond, update in place
-- tables
create table t (id int primary key, g int, x int);
create table u (id int primary key, g int, y int);
-- view: of_t
select g, count(*) as rows, sum(x) as total from t where g is not null group by g;
-- view: of_u
select g, min(y) as least, count(distinct y) as kinds from u where g is not null group by g;
-- view: matching
select a.g, a.rows, a.total, b.least, b.kinds from of_t as a join of_u as b on b.g = a.g where a.total > 0 and b.least < 10;
-- view: either
select a.g, a.total, b.least from of_t as a left join of_u as b on b.g = a.g and b.kinds > 1;
-- view: rows
select t.id, t.x, b.least, a.total from t join of_u as b on b.g = t.g join of_t as a on a.g = t.g;
-- view: all_of_it
select r.g, r.total, e.least as other, count(*) as pairs from matching as r join either as e on e.g = r.g group by r.g, r.total, e.least;
-- step: two groups
insert into t values (1, 1, 5), (2, 1, 6), (3, 2, 7), (4, null, 1);
insert into u values (1, 1, 3), (2, 2, 4), (3, 2, 20);
-- expect: matching
values (1, 2::bigint, 11::bigint, 3, 1::bigint), (2, 1, 7, 4, 2);
-- step: values change in place
update t set x = x + 1; update u set y = y + 1;
-- step: a condition turns false, and true again
update t set x = -x where g = 1;
update t set x = -x where g = 1;
-- step: both sides in one statement
with n as (update t set x = x * 2 returning 1) update u set y = y - 2;
-- step: keys move on both sides in one statement
with n as (update t set g = 3 - g returning 1), d as (delete from u where id = 3 returning 1) insert into u values (4, 1, 1);
-- step: a group goes on one side, and comes back with the other
delete from u where g = 1;
with n as (insert into u values (5, 1, 9) returning 1) update t set x = 0 where g = 1;
