-- title: sets advance together
-- query
select t.id, unnest(t.a) + 1 as x, generate_series(1, t.n) as y from t where t.id > 1
-- becomes
select t.id, "__set_after"."c1" as x, "__set_after"."c2" as y from t
cross join lateral (select unnest(t.a) + 1 as "c1", generate_series(1, t.n) as "c2") as "__set_after"("c1", "c2") where t.id > 1
-- title: a set in GROUP BY is called before the rows are grouped
-- query
select unnest(t.a) as x, count(*) as n from t group by unnest(t.a)
-- becomes
select "__set_before"."c1" as x, count(*) as n from t
cross join lateral (select unnest(t.a) as "c1") as "__set_before"("c1") group by "__set_before"."c1"
-- title: any other one after
-- query
select t.g, unnest(array_agg(t.x order by t.id)) as x, count(*) as n from t group by t.g
-- becomes
select "__grouped"."c1" as "g", "__set_after"."c1" as "x", "__grouped"."c3" as "n"
from (select t.g as "c1", array_agg(t.x order by t.id) as "c2", count(*) as "c3" from t group by t.g) as "__grouped"
cross join lateral (select unnest("__grouped"."c2") as "c1") as "__set_after"("c1")
-- title: inside a subquery
-- query
select t.id from t where t.x in (select unnest(u.a) from u)
-- becomes
select t.id from t where t.x in (select "__set_after"."c1" from u cross join lateral (select unnest(u.a) as "c1") as "__set_after"("c1"))
-- title: a subquery that reads no table stays
-- query
select t.id, (select max(q.e) from (select unnest(t.a) as e) as q) as m from t
-- unchanged
