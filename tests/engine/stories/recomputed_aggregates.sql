-- story: aggregates that are computed again for the groups a change touches
-- covers: stddev, variance, bit_and, array_agg, string_agg, jsonb_agg, jsonb_object_agg, percentile_cont, percentile_disc, mode, hypothetical sets, regr, corr, range_agg, distinct, filter
-- tables
create table t (id int primary key, g int, x int, n numeric, f float8, word text, flag bool, doc jsonb, list int[]);
create table k (g int, x int, word text);
-- view: spread
select g, stddev(x) as s, stddev_pop(n) as sp, variance(x) as v, var_pop(f) as vf, regr_slope(x, n) as slope, regr_count(x, n) as pairs, corr(f, x) as c from t group by g;
-- view: bits
select g, bit_and(x) as a, bit_or(x) as o, bit_or(distinct x) filter (where flag) as d, bool_and(distinct flag) as b, every(x > 1) as e from t group by g;
-- view: lists
select g, array_agg(x order by id desc) as xs, array_agg(distinct x order by x nulls first) as kinds, string_agg(word, ', ' order by word, id) as words,
    string_agg(distinct word, '-' order by word desc) filter (where word <> '') as others, jsonb_agg(doc order by id) as docs, json_agg(list order by id)::text as lists,
    jsonb_object_agg(word, n order by id) filter (where word is not null) as by_word from t group by g;
-- view: ordered
select g, percentile_cont(0.5) within group (order by x) as half, percentile_cont(array[0.1, 0.9]) within group (order by f) as tails,
    percentile_disc(0.5) within group (order by word) filter (where flag) as word, mode() within group (order by x desc) as most,
    rank(2) within group (order by x) as place, cume_dist(2, 'b') within group (order by x, word) as share from t group by g;
-- view: ranges
select g, range_agg(int4range(least(x, 2), greatest(x, 5))) as r from k group by g;
-- view: several_distinct
select g, count(distinct x) as xs, count(distinct word) as words, count(distinct (x, word)) as pairs, count(distinct row(g, word)) filter (where x > 1) as rows, sum(distinct x) as total, avg(distinct x) as mean, min(distinct word) as first
from k group by g;
-- view: inside
select g, count(*) * 2 + coalesce(sum(x), 0) as e, case when max(x) > 2 then 'big' else min(word) end as k, round(avg(n), 3) as r,
    jsonb_build_object('n', count(*), 'x', array_agg(x order by id)) as o, (array_agg(word order by id))[2] as second, (array_agg(x order by id))[1:2] as two from t group by g;
-- view: of_everything
select stddev(x) as s, string_agg(word, '' order by word) as words, percentile_disc(0.5) within group (order by x) as half, count(distinct word) as kinds, bit_xor(x) as b from k;
-- step: a row of NULLs, and duplicates
insert into t (id, g) values (1, 1), (2, null);
insert into k values (1, 1, 'a'), (1, 1, 'a'), (1, null, null), (null, 2, ''), (1, null, null);
-- step: rows with values
insert into t values (3, 1, 2, 1.50, 0.1, 'a', true, '1', '{}'), (4, 1, 2, 2, 0.2, 'b', false, '{"k": null}', '{1,null}'), (5, 1, 3, -1, 1e10, 'c', true, null, null), (6, null, 4, 0, null, 'd', null, '[]', '{2}');
insert into k values (1, 4, 'b'), (1, 3, 'b'), (2, 7, 'c');
-- expect: several_distinct
values (1, 3::bigint, 2::bigint, 4::bigint, 1::bigint, 8::bigint, 2.6666666666666667, 'a'), (null, 1, 1, 1, 1, 2, 2.0000000000000000, ''), (2, 1, 1, 1, 1, 7, 7.0000000000000000, 'c');
-- step: one group loses, another wins
with a as (update t set g = null where id in (1, 3) returning 1) update k set g = 1 where g is null;
-- step: one of two equal rows
delete from k where ctid = (select min(ctid) from k where word = 'a');
-- step: arguments change
update t set x = null, word = 'z', flag = not flag, doc = '"1"' where id > 3;
-- step: groups go
delete from t where g = 1;
truncate k;
-- step: and the rest
delete from t;
