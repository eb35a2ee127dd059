-- story: a numeric sum is not counted twice when one statement changes several tables
-- covers: sum, numeric scale, data-modifying CTE, on conflict, merge, inner join, cascade
-- requires: postgres 15
-- tables
create table t (id int primary key, g int, n numeric);
create table rates (g int, rate numeric);
-- view: whole
select count(*) as rows, sum(n) as total, avg(n) as mean from t;
-- view: by_g
select g, sum(n) as total, min(n) as least, count(distinct n) as kinds from t group by g;
-- view: valued
select t.g, sum(t.n * r.rate) as value, avg(r.rate) as rate from t join rates as r on r.g = t.g group by t.g;
-- view: again
select b.g, sum(b.total * r.rate) as value from by_g as b join rates as r on r.g = b.g group by b.g;
-- view: sums_of_sums
select sum(total) as total, sum(total) filter (where total > 2) as large from by_g;
-- step: some
insert into t values (1, 1, 1.5), (2, 1, 2.25), (3, 2, 1); insert into rates values (1, 1.10), (2, 3);
-- step: the same table, inserted and updated
with n as (insert into t values (4, 1, 1.5) returning 1) update t set g = 2 where id in (1, 3);
-- step: deleted and inserted
with n as (delete from t where id = 1 returning *) insert into t select 10, 2, n.n from n;
-- step: both tables
with n as (update rates set rate = rate * 1.0 returning 1) update t set n = n + 0.125 where g = 1;
-- step: an upsert
insert into t values (2, 1, 7.5), (11, 1, 0.1) on conflict (id) do update set n = excluded.n;
-- step: a merge
merge into t using (values (2, 9.50), (3, null), (12, 0.001)) as s (id, n) on t.id = s.id
when matched and s.n is null then delete when matched then update set n = s.n when not matched then insert values (s.id, 1, s.n);
-- step: NaN on both sides, and gone again
with r as (insert into rates values (1, 'NaN') returning 1) insert into t values (13, 1, 'NaN');
with r as (delete from rates where rate = 'NaN' returning 1) delete from t where n = 'NaN';
-- step: all but one
with r as (delete from rates where g = 2 returning 1) delete from t where id <> 4;
