-- story: NaN and infinity leave a sum as they came
-- covers: sum, NaN, retraction
-- requires: postgres 14
-- tables
create table t (g int, n numeric);
-- view
select g, sum(n) as total, avg(n) as mean, min(n) as least, max(n) as most from t group by g;
-- step: a number and NaN
insert into t values (1, 1.5), (1, 'NaN');
-- expect
values (1, 'NaN'::numeric, 'NaN'::numeric, 1.5, 'NaN'::numeric);
-- step: NaN leaves
delete from t where n = 'NaN';
-- expect
select g, sum(n), avg(n), min(n), max(n) from t group by g;
-- step: infinity of both signs
insert into t values (1, 'Infinity'), (1, '-Infinity');
-- step: one sign
delete from t where n = '-Infinity';
-- step: none
delete from t where n = 'Infinity';
