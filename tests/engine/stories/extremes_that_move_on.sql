-- story: a row that was the extreme changes, and mostly another version of it is the extreme
-- covers: min, max, arg-max, sum of numerics, UPDATE of single rows and of many
-- tables
create table t (id int primary key, g int, x numeric, n int, at timestamptz, name text);
-- view
select
    g, min(n) as least, max(n) as most, min(x) as small, max(x) as large, sum(x) as total,
    (array_agg(name order by at desc, id desc))[1] as latest
from t group by g;
-- step: two groups
insert into t values
    (1, 1, 1.00, 1, '2026-01-01Z', 'a'), (2, 1, 2, 5, '2026-01-02Z', 'b'),
    (3, 2, 7.5, 7, '2026-01-03Z', 'c'), (4, 1, 2, 5, '2026-01-02Z', 'd');
-- step: the most grows
update t set n = 6 where id = 2;
-- step: it falls behind
update t set n = 2 where id = 2;
-- step: a number that is equal and looks otherwise
update t set x = 1.0 where id = 1;
-- expect
values (1, 1, 5, 1.0, 2, 5.0, 'd'), (2, 7, 7, 7.5, 7.5, 7.5, 'c');
-- step: the scale stays while another gives it
update t set x = 3.25 where id = 1;
-- step: the scale goes
update t set x = 3 where id = 1;
-- step: the latest has another name at the same time
update t set name = 'e' where id = 4;
-- step: the latest moves on
update t set at = at + interval '1 day' where id = 4;
-- step: the latest goes back
update t set at = '2025-01-01Z' where id = 4;
-- step: extremes change places in one statement
update t set n = 10 - n, at = '2026-02-01Z'::timestamptz - (at - '2026-01-01Z'::timestamptz);
-- step: a row goes to the other group, which has a larger one
update t set g = 3 - g where id in (2, 3);
-- step: every row changes, and its extreme stays
update t set name = upper(name);
-- step: the extreme leaves as another takes its value
with gone as (delete from t where id = 3 returning *) update t set n = 7 where id = 4;
-- step: nothing but NULL
update t set x = null, n = null, at = null;
