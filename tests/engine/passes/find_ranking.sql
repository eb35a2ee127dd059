-- title: one row_number() among the outputs
-- query
select a, row_number() over (partition by a order by b desc, c) as n from t
-- becomes
row_number() over (partition by a order by b desc, c)
-- title: a named window is written out
-- query
select a, row_number() over w as n from t window w as (partition by a order by b)
-- becomes
row_number() over (w partition by a order by b)
-- title: another function ranks otherwise
-- query
select a, rank() over (partition by a order by b) as n from t
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
