-- story: a sum shows the scale that its terms give it
-- covers: sum, numeric scale, retraction
-- tables
create table t (g int, n numeric, fixed numeric(10, 2));
-- view
select g, sum(n) as total, sum(fixed) as total_fixed, count(*) as rows from t group by g;
-- step: 1.50 and 2
insert into t values (1, 1.50, 1.5), (1, 2, 2);
-- expect
values (1, 3.50, 3.50, 2::bigint);
-- step: 1.50 leaves, and its scale
delete from t where n = 1.50;
-- expect
values (1, 2::numeric, 2.00, 1::bigint);
-- step: many decimals come and go
insert into t values (1, 0.000001, 0.001), (1, -2, null);
update t set n = n * 10.0;
delete from t where n = 0.00001;
