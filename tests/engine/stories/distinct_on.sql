-- story: DISTINCT ON keeps the first row, and the next when it leaves
-- covers: distinct on, top 1, retraction
-- tables
create table t (id int primary key, g text, score int);
-- view
select distinct on (g) g, score, id from t order by g, score desc nulls last, id;
-- step: two groups
insert into t values (1, 'a', 5), (2, 'a', 7), (3, 'b', null), (4, null, 1), (5, null, 2);
-- expect
values ('a', 7, 2), ('b', null, 3), (null, 2, 5);
-- step: the winner leaves
delete from t where id = 2;
-- expect
values ('a', 5, 1), ('b', null, 3), (null, 2, 5);
-- step: the winner falls behind and changes its group
insert into t values (6, 'a', 4);
update t set score = 3 where id = 1;
update t set g = 'b' where id = 6;
-- step: a group empties
delete from t where g is null;
