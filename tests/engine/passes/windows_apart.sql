-- title: windows over plain rows stay
-- query
select a, sum(b) over (partition by a order by c rows 1 preceding exclude ties) as s from t
-- becomes
select a, sum(b) over (partition by a order by c rows between 1 preceding and current row exclude ties) as s from t
-- title: named windows are written out, one upon the other
-- query
select lag(b) over w as l, sum(b) filter (where b > 1) over (v rows 2 preceding) as s from t
window w as (partition by a order by b), v as (w)
-- becomes
select lag(b) over (partition by a order by b) as l,
    sum(b) filter (where b > 1) over (partition by a order by b rows between 2 preceding and current row) as s from t
-- title: groups stand beneath windows
-- query
select a, sum(b) as s, sum(sum(b)) over (order by a) as t, lag(a) over (order by count(*) desc) as l from t where b > 0 group by a having count(*) > 1
-- becomes
select "__grouped"."c1" as "a", "__grouped"."c2" as "s", sum("__grouped"."c2") over (order by "__grouped"."c1") as "t",
    lag("__grouped"."c1") over (order by "__grouped"."c3" desc) as "l"
from (select a as "c1", sum(b) as "c2", count(*) as "c3" from t where b > 0 group by a) as "__grouped"
where "__grouped"."c3" > 1
-- title: a filtered window over groups
-- query
select count(*) filter (where a > 1) over () as n, sum(count(*)) filter (where a > 2) over () as m from t group by a
-- becomes
select count(*) filter (where "__grouped"."c1" > 1) over () as "n", sum("__grouped"."c2") filter (where "__grouped"."c1" > 2) over () as "m"
from (select a as "c1", count(*) as "c2" from t group by a) as "__grouped"
-- title: DISTINCT ON chooses among rows that have their windows
-- query
select distinct on (a) a, b, rank() over (order by b) as r from t order by a, rank() over (order by c), d desc nulls last
-- becomes
select distinct on ("__rows"."a") "__rows"."a" as "a", "__rows"."b" as "b", "__rows"."r" as "r"
from (select a as "a", b as "b", rank() over (order by b) as "r", rank() over (order by c) as "__of4", d as "d" from t) as "__rows"
order by "__rows"."a", "__rows"."__of4", "__rows"."d" desc nulls last
-- title: no window
-- query
select a, count(*) as n from t group by a order by a limit 3
-- unchanged
