-- story: count, sum, avg, min, max, bool_and and bool_or of one group
-- covers: group by, count, sum, avg, min, max, bool_and, bool_or
-- tables
create table t (g text, i int, b bigint, s smallint, n numeric, flag boolean, word text, at timestamptz, on_day date);
-- view
select
    g, count(*) as rows, count(i) as known, count(distinct i) as kinds,
    sum(i) as sum_i, sum(b) as sum_b, sum(s) as sum_s, sum(n) as sum_n,
    avg(i) as avg_i, avg(b) as avg_b, avg(n) as avg_n,
    min(i) as least, max(word) as last_word, min(at) as first_at, max(on_day) as last_day,
    bool_and(flag) as every_flag, bool_or(flag) as any_flag, every(flag) as each_flag
from t group by g;
-- step: a row of NULLs
insert into t (g) values ('a'), (null);
-- step: rows with values
insert into t values
    ('a', 1, 9000000000, 1, 1.50, true, 'p', '2026-01-01 00:00+00', '2026-01-01'),
    ('a', 1, 1, 2, 2, false, 'q', '2025-01-01 00:00+00', '2027-01-01'),
    ('b', -7, null, null, 0.001, null, null, null, null);
-- expect
select g, count(*), count(i), count(distinct i), sum(i), sum(b), sum(s), sum(n), avg(i), avg(b), avg(n),
    min(i), max(word), min(at), max(on_day), bool_and(flag), bool_or(flag), every(flag) from t group by g;
-- step: the extremes leave
delete from t where word = 'q' or n = 0.001;
-- step: values become NULL again
update t set i = null, b = null, s = null, n = null, flag = null, word = null, at = null, on_day = null;
-- step: and groups change
update t set g = 'b' where g is null;
