-- story: HAVING lets groups appear and disappear
-- covers: having, group by
-- tables
create table t (g text, x int);
-- view
select g, sum(x) as total from t group by g having count(*) >= 2 and sum(x) > 0;
-- step: too few
insert into t values ('a', 1), ('b', -1), ('b', 1);
-- step: enough
insert into t values ('a', 1), ('b', 1);
-- expect
values ('a', 2::bigint), ('b', 1);
-- step: too few again
delete from t where ctid = (select min(ctid) from t where g = 'a');
-- step: the sum is not above zero
update t set x = -x;
-- expect
select 'a', 1::bigint where false;
