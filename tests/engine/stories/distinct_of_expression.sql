-- story: DISTINCT over an expression and a constant
-- covers: distinct, project
-- tables
create table t (a int);
-- view
select distinct a % 2 = 0 as is_even, 'all' as label from t where a is not null;
-- step: odd only
insert into t values (1), (3), (null);
-- expect
values (false, 'all');
-- step: even too
insert into t values (2), (4);
-- step: no more odd
update t set a = a * 2;
