-- story: windows over a table without a key keep its duplicates
-- covers: window, keyless, duplicates
-- tables
create table t (g int, x numeric);
-- view: counted
select g, x, count(*) over (partition by g) as n, sum(x) over (partition by g) as total from t;
-- view: told
select g, x, row_number() over (partition by g order by x, x::text) as number, n * 2 as twice from counted;
-- view: grouped
select number, count(*) as n, sum(x) as total from told group by number;
-- step: duplicates
insert into t values (1, 1.0), (1, 1.0), (1, 1.00), (2, 5), (null, null), (null, null);
-- expect: counted
values (1, 1.0, 3::bigint, 3.00), (1, 1.0, 3, 3.00), (1, 1.00, 3, 3.00), (2, 5, 1, 5), (null, null, 2, null), (null, null, 2, null);
-- step: one of them leaves
delete from t where ctid = (select min(ctid) from t where g = 1);
-- step: a look-alike
update t set x = 1.000 where g = 1;
insert into t select 2, 5 from generate_series(1, 3);
-- step: partitions change
update t set g = 2 where g is null;
delete from t where g = 2 and x is null;
