-- story: an aggregate in EXISTS, IN, ANY and ALL has a row where there is nothing to aggregate
-- covers: exists, in, any, all, correlated aggregate, having
-- tables
create table a (id int primary key, k int);
create table b (id int primary key, k int);
-- view: few
select id from a where exists (select max(b.id) from b where b.k = a.k having count(*) < 2);
-- view: always
select id from a where exists (select max(b.id) from b where b.k = a.k);
-- view: inside
select id, a.k in (select count(*) from b where b.k = a.k) as counted,
    a.id not in (select max(b.id) from b where b.k = a.k having count(*) > 1) as other,
    a.id > all (select min(b.id) from b where b.k = a.k having count(*) > 1) as beyond
from a;
-- view: equal
select id from a where a.k in (select count(*) from b where b.k > a.id);
-- step: some
insert into a values (1, 0), (2, 1), (3, 2), (4, null);
insert into b values (1, 1), (2, 2), (3, 2);
-- expect: few
values (1), (2), (4);
-- step: one comes, one goes
insert into b values (4, 1);
delete from b where id = 2;
-- step: all goes
delete from b;
-- expect: few
values (1), (2), (3), (4);
