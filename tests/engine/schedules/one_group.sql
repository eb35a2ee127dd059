-- schedule: two sessions change one group
-- covers: group by, min, count distinct
-- tables
create table t (g int, x int);
-- view: sums
select g, count(*) as rows, sum(x) as total, min(x) as least, count(distinct x) as kinds from t group by g;
-- view: bigger
select g from sums where total > 10;
-- rows
insert into t values (1, 5), (1, 7), (2, 1);
-- session: one takes the least out
delete from t where x = 5;
-- then
insert into t values (3, 1);
-- session: the other adds to it
insert into t values (1, 6);
-- then
insert into t values (3, 2);
