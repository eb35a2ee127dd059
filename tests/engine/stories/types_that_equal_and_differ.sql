-- story: 1.0 and 1.00 are equal to a join and not to a reader
-- covers: numeric scale, bag, jsonb, float
-- random: which of two equal values stands for both is the server's choice
-- tables
create table t (n numeric, f double precision, j jsonb);
create table u (n numeric, y text);
-- view: bag
select n, f, j from t;
-- view: pairs
select t.n, u.n as other, u.y from t join u on u.n = t.n;
-- step: the same value, three ways
insert into t values (1.0, 0, '1.0'), (1.00, '-0', '1.00'), (1, 'NaN', '[1]'), ('NaN', null, null);
insert into u values (1.000, 'a'), ('NaN', 'b');
-- step: one of them goes
delete from t where n::text = '1.00';
-- expect: bag
values (1.0, 0::float8, '1.0'::jsonb), (1, 'NaN', '[1]'), ('NaN', null, null);
-- step: the scale changes and the value does not
update t set n = 1.0000, f = '-0', j = '1.00' where n::text = '1.0';
-- expect: pairs
values (1.0000, 1.000, 'a'), (1, 1.000, 'a'), ('NaN', 'NaN', 'b');
-- step: and the other side's
update u set n = n * 1.0;
