-- title: one GROUP BY a set
-- query
select t.a, sum(t.x) + 1 as s, grouping(t.a, t.b) as level from t group by rollup (t.a, t.b) having count(*) > 1
-- becomes
select "__grouped"."c1" as "a", "__grouped"."c3" + 1 as "s", "__grouped"."c4" as "level"
from (select t.a as "c1", t.b as "c2", sum(t.x) as "c3", cast(0 as int) as "c4", count(*) as "c5", count(*) as "__rows" from t group by t.a, t.b
union all select t.a as "c1", sum(t.x) as "c3", cast(1 as int) as "c4", count(*) as "c5", count(*) as "__rows" from t group by t.a
union all select sum(t.x) as "c3", cast(3 as int) as "c4", count(*) as "c5", count(*) as "__rows" from t) as "__grouped"
where "__grouped"."c5" > 1
