-- story: DISTINCT shows a row until its last copy goes
-- covers: distinct, NULL
-- tables
create table t (a int, b text);
-- view
select distinct a, b from t;
-- step: copies
insert into t values (1, 'x'), (1, 'x'), (null, null), (null, null), (1, null);
-- expect
values (1, 'x'), (null, null), (1, null);
-- step: one copy goes
delete from t where ctid = (select min(ctid) from t);
-- step: the last goes
delete from t where b = 'x';
-- expect
values (null::int, null::text), (1, null);
