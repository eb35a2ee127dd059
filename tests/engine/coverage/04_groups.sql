-- section: Groups
-- construct: count, sum, avg of integers
-- view
select g, count(*) as n, count(x) as known, sum(x) as total, avg(x) as mean from t group by g
-- by: Aggregate
-- construct: sum and avg of numeric
-- view
select g, sum(n) as total, avg(n) as mean from t group by g
-- by: Aggregate
-- construct: sum and avg of float
-- view
select g, sum(f) as total, avg(f) as mean from t group by g
-- by: Aggregate
-- construct: min, max
-- view
select g, min(x) as low, max(word) as last from t group by g
-- by: Aggregate
-- construct: bool_and, bool_or, every
-- view
select g, bool_and(b) as yes, bool_or(b) as some, every(b) as each from t group by g
-- by: Aggregate
-- construct: the first of array_agg(… ORDER BY …) (arg-max)
-- view
select g, (array_agg(word order by x desc nulls last, id))[1] as top from t group by g
-- by: Aggregate
-- construct: FILTER
-- view
select g, count(*) filter (where b) as yes, sum(x) filter (where x > 1) as total from t group by g
-- by: Aggregate
-- construct: count(DISTINCT …)
-- view
select g, count(distinct word) as words from t group by g
-- by: Aggregate, Aggregate
-- construct: other aggregates with DISTINCT
-- view
select g, sum(distinct x) as total, string_agg(distinct word, ',' order by word) as words from t group by g
-- by: Aggregate
-- construct: stddev, variance
-- view
select g, stddev(x) as s, var_pop(n) as v from t group by g
-- by: Aggregate
-- construct: corr, covar_*, regr_* (floats: to the last digit only in the same order of rows)
-- view
select g, regr_count(f, x) as n, regr_avgx(f, x) as x, regr_avgy(f, x) as y from t group by g
-- by: Aggregate
-- construct: bit_and, bit_or
-- view
select g, bit_and(x) as a, bit_or(x) as o from t group by g
-- by: Aggregate
-- construct: array_agg, string_agg with ORDER BY
-- view
select g, array_agg(x order by id) as xs, string_agg(word, ',' order by id) as words from t group by g
-- by: Aggregate
-- construct: jsonb_agg, jsonb_object_agg with ORDER BY
-- view
select g, jsonb_agg(doc order by id) as docs, jsonb_object_agg(id, x order by id) as by_id from t group by g
-- by: Aggregate
-- construct: array_agg and the like without ORDER BY
-- view
select g, array_agg(x) as xs from t group by g
-- error
array_agg() without ORDER BY cannot be maintained
-- hint
its result depends on the order of rows: write agg(x order by key)
-- construct: percentile_cont, percentile_disc, mode
-- view
select g, percentile_cont(0.5) within group (order by x) as median, percentile_disc(0.9) within group (order by x) as p90, mode() within group (order by word) as usual from t group by g
-- by: Aggregate
-- construct: rank(…) and the like WITHIN GROUP
-- view
select g, rank(2) within group (order by x) as place, cume_dist(2) within group (order by x) as share from t group by g
-- by: Aggregate
-- construct: user-defined aggregate
-- view
select g, product(x) as p from t group by g
-- by: Aggregate
-- construct: no GROUP BY: one row, also of no rows
-- view
select count(*) as n, sum(x) as total from t
-- by: Aggregate
-- construct: no GROUP BY: min, max and computed anew
-- view
select max(x) as high, stddev(x) as s from t
-- by: Aggregate
-- construct: HAVING
-- view
select g from t group by g having count(*) > 1 and max(x) > 2
-- by: Aggregate
-- construct: group by an expression
-- view
select x % 2 as odd, count(*) as n from t group by x % 2
-- by: Aggregate
-- construct: group by a primary key, and show what it determines
-- view
select t.id, t.word, count(u.y) as n from t left join u on u.g = t.g group by t.id
-- by: Aggregate
-- construct: DISTINCT ON over groups
-- view
select distinct on (g) g, word, count(*) as n from t group by g, word order by g, count(*) desc, word
-- by: Aggregate, TopOne
-- construct: a group over a join
-- view
select u.g, sum(t.x) as total from t join u on u.g = t.g group by u.g
-- by: Aggregate
-- construct: GROUPING SETS
-- view
select g, b, count(*) as n, grouping(g, b) as level from t group by grouping sets ((g), (b), ())
-- by: Aggregate
-- construct: ROLLUP
-- view
select g, b, count(*) as n from t group by rollup (g, b)
-- by: Aggregate
-- construct: CUBE
-- view
select g, b, count(*) as n from t group by cube (g, b)
-- by: Aggregate
