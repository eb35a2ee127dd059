-- title: one row_number() among the outputs
-- query
select a, row_number() over (partition by a order by b desc, c) as n from t
-- becomes
row_number() over (partition by a order by b desc, c)
-- title: a named window is written out
-- query
select a, row_number() over w as n from t window w as (partition by a order by b)
-- becomes
row_number() over (partition by a order by b)
-- title: rank() keeps ties
-- query
select a, rank() over (partition by a order by b) as n from t
-- becomes
rank() over (partition by a order by b)
-- title: groups are ranked in a SELECT over them
-- query
select a, row_number() over (order by count(*)) as n from t group by a
-- becomes
row_number() over (order by "__grouped"."c2")
-- title: dense_rank() says nothing of how many rows there are
-- query
select a, dense_rank() over (partition by a order by b) as n from t
-- unchanged
-- title: distinct rows are not those that were ranked
-- query
select distinct a, rank() over (partition by a order by b) as n from t
-- unchanged
-- title: two windows
-- query
select row_number() over (order by a) as n, row_number() over (order by b) as m from t
-- unchanged
-- title: a window within an expression
-- query
select row_number() over (order by a) + 1 as n from t
-- unchanged
-- title: no window
-- query
select a from t
-- unchanged
