-- story: the first row of each array, which may be NULL
-- covers: distinct on, array keys, NULL keys
-- tables
create table t (id int primary key, tags text[], n int);
-- view
select distinct on (tags) tags, id, n from t order by tags, n, id;
-- step: empty, NULL and others, some twice in one change
insert into t values (1, '{}', 2), (2, null, 1), (3, '{a}', 5), (4, '{a}', 4), (5, null, 0), (6, '{}', 2);
-- step: better ones come
insert into t values (7, '{a}', 1), (8, null, -1), (9, '{b}', 0);
-- step: the first ones go
delete from t where id in (7, 8);
