-- story: when the extreme leaves, the next one stands
-- covers: min, max, retraction
-- tables
create table t (g int, x int, at timestamptz);
-- view
select g, min(x) as least, max(x) as most, min(at) as first_at, max(at) as last_at from t group by g;
-- step: three values, the extremes twice
insert into t values (1, 1, '2026-01-01Z'), (1, 1, '2026-01-02Z'), (1, 5, '2026-01-03Z'), (1, 9, null), (1, null, null);
-- step: one of two least
delete from t where ctid = (select min(ctid) from t where x = 1);
-- step: the other
delete from t where x = 1;
-- expect
values (1, 5, 9, '2026-01-03 00:00Z'::timestamptz, '2026-01-03 00:00Z'::timestamptz);
-- step: the most shrinks, the least grows, in one statement
update t set x = 10 - x;
-- step: out and in with one statement
with gone as (delete from t where x = 5 returning *) insert into t select g, x + 1, at from gone;
-- step: nothing but NULL
update t set x = null, at = null;
