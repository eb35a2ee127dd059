-- story: generated and identity columns are read like others
-- covers: generated column, identity, group by, inner join
-- tables
create table t (id int generated always as identity primary key, x int, doubled int generated always as (x * 2) stored);
create table u (doubled int, name text);
-- view: sums
select doubled % 4 = 0 as even, sum(doubled) as total, max(id) as newest from t group by doubled % 4 = 0;
-- view: names
select t.id, u.name from t join u using (doubled);
-- step: rows
insert into t (x) values (1), (2), (null); insert into u values (2, 'two'), (4, 'four');
-- step: changed together
with n as (update t set x = x + 1 returning 1) update u set doubled = doubled + 2;
-- step: some go
delete from t where x = 2;
