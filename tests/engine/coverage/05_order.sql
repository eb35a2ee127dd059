-- section: Windows, ranks and top-n
-- construct: DISTINCT ON
-- view
select distinct on (g) g, id, x from t order by g, x desc nulls last, id
-- by: TopOne
-- construct: row_number() … = 1
-- view
select id, g from (select id, g, row_number() over (partition by g order by x, id) as n from t) as r where n = 1
-- by: TopOne
-- construct: row_number, rank, dense_rank, ntile
-- view
select id, row_number() over w as r, rank() over w as k, dense_rank() over w as d, ntile(2) over w as q from t window w as (partition by g order by x, id)
-- by: Partition
-- construct: lag, lead
-- view
select id, lag(x) over w as before, lead(x, 2, 0) over w as after from t window w as (partition by g order by id)
-- by: Partition
-- construct: first_value, last_value, nth_value
-- view
select id, first_value(x) over w as f, last_value(x) over w as l, nth_value(x, 2) over w as s from t window w as (partition by g order by id)
-- by: Partition
-- construct: running aggregate
-- view
select id, sum(x) over (partition by g order by id) as total from t
-- by: Partition
-- construct: framed aggregate (ROWS, RANGE, GROUPS, EXCLUDE)
-- view
select id, avg(n) over (partition by g order by x, id rows between 1 preceding and current row exclude ties) as a, count(*) over (partition by g order by x range between 1 preceding and 1 following) as c from t
-- by: Partition
-- construct: window inside an expression
-- view
select id, x - avg(x) over (partition by g) as off from t
-- by: Partition
-- construct: several windows in one query
-- view
select id, sum(x) over (partition by g) as a, sum(x) over (partition by b) as c from t
-- construct: window over the whole input
-- view
select id, rank() over (order by x, id) as place from t
-- by: Partition
-- construct: window over groups
-- view
select g, sum(x) as total, rank() over (partition by g % 2 order by sum(x), g) as place from t group by g
-- construct: ORDER BY … LIMIT
-- view
select id, x from t order by x desc nulls last, id limit 3
-- by: Partition
-- construct: LIMIT … OFFSET
-- view
select id, x from t order by x, id limit 2 offset 1
-- by: Partition
-- construct: FETCH FIRST … WITH TIES
-- view
select id, x from t order by x fetch first 2 rows with ties
-- by: Partition
-- construct: top-n per key
-- view
select id, g from (select id, g, row_number() over (partition by g order by x, id) as n from t) as r where n <= 2
-- by: Partition
-- construct: LIMIT without ORDER BY
-- view
select id from t limit 10
-- error
LIMIT without ORDER BY cannot be maintained
-- hint
say which rows stay: order by …, with a key that makes the order total, limit …
-- construct: LIMIT of a subquery
-- view
select id from t order by id limit (select count(*) from u)
-- error
LIMIT of a subquery cannot be maintained
-- hint
write a number, or filter by row_number() over (order by …) <= the subquery
