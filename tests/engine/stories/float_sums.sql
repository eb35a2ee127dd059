-- story: floating-point sums do not drift under retraction
-- covers: sum, avg, float, retraction
-- random: the sum of floats depends on their order, so the SELECT itself does
-- tables
create table t (g int, f double precision, r real);
-- view
select g, sum(f) as total, avg(f) as mean, sum(r) as total_r, max(f) as most from t group by g;
-- step: a large one hides a small one
insert into t values (1, 1e16, 1), (1, 1, 0.5);
-- step: the large one leaves
delete from t where f = 1e16;
-- expect
values (1, 1::float8, 1::float8, 0.5::real, 1::float8);
-- step: -0, NaN and infinity
insert into t values (2, '-0', 'NaN'), (2, 'NaN', 0), (2, 'Infinity', 0);
-- step: they leave again
delete from t where f = 'NaN' or f = 'Infinity';
