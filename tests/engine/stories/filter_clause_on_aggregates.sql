-- story: FILTER on every aggregate
-- covers: FILTER, count, sum, avg, min, max, count distinct, bool_and
-- tables
create table t (g int, x int, kind text);
-- view
select
    g,
    count(*) filter (where kind = 'a') as rows_a,
    count(x) filter (where kind = 'a') as known_a,
    count(distinct x) filter (where kind = 'a') as kinds_a,
    sum(x) filter (where kind = 'a') as sum_a,
    avg(x) filter (where kind <> 'a') as mean_other,
    min(x) filter (where kind = 'a') as least_a,
    max(x) filter (where kind is null) as most_unknown,
    bool_and(x > 1) filter (where kind = 'a') as all_big_a
from t group by g;
-- step: a row that no filter lets in
insert into t values (1, 5, 'b');
-- expect
values (1, 0::bigint, 0::bigint, 0::bigint, null::bigint, 5.0000000000000000, null::int, null::int, null::boolean);
-- step: rows of each kind
insert into t values (1, 1, 'a'), (1, 2, 'a'), (1, 2, 'a'), (1, null, 'a'), (1, 9, null);
-- step: kinds trade places
update t set kind = case kind when 'a' then 'b' when 'b' then 'a' end;
-- step: the last of a kind leaves
delete from t where kind = 'a';
