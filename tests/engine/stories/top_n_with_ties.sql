-- story: ties stay with the last row
-- covers: fetch first with ties, offset, keyless duplicates
-- tables
create table t (g int, x int);
-- view: tied
select g, x from t order by x desc fetch first 2 rows with ties;
-- view: told
select x from t where g > 0 order by x nulls first offset 1 fetch first 2 rows with ties;
-- view: counted
select x, count(*) as n from tied group by x;
-- step: rows
insert into t values (1, 5), (2, 5), (2, 5), (3, 4), (null, 9), (1, null), (1, null), (0, 1);
-- step: the first leaves
delete from t where x = 9;
-- step: more ties
insert into t values (1, 5), (1, 4), (1, null);
update t set x = 4 where g = 2;
-- step: all of them leave
delete from t where x >= 4;
