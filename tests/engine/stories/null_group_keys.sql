-- story: NULL is a group key like any other
-- covers: group by, NULL
-- tables
create table t (a int, b text, x int);
-- view
select a, b, count(*) as rows, sum(x) as total from t group by a, b;
-- step: NULL in one, the other, both
insert into t values (null, 'p', 1), (1, null, 2), (null, null, 3), (null, null, 4), (1, 'p', null);
-- expect
values (null, 'p', 1::bigint, 1::bigint), (1, null, 1, 2), (null, null, 2, 7), (1, 'p', 1, null);
-- step: keys move to NULL and from it
update t set a = case when a is null then 1 end;
-- step: one leaves
delete from t where a is null and b is null;
-- step: all leave
delete from t;
