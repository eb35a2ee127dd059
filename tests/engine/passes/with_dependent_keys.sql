-- title: what a primary key determines
-- query
select t.id, upper(t.name) as name, count(s.x) as n, max(s.y) from t join s on s.t = t.id group by t.id having t.city <> 'X'
-- becomes
select t.id, upper(t.name) as name, count(s.x) as n, max(s.y) from t join s on s.t = t.id group by t.id, t.name, t.city having t.city <> 'X'
-- title: no primary key among the keys
-- query
select t.name, count(*) from t group by t.name
-- unchanged
-- title: a subquery reads one more
-- query
select t.id, (select max(s.x) from s where s.y = t.y) as m from t group by t.id
-- becomes
select t.id, (select max(s.x) from s where s.y = t.y) as m from t group by t.id, t.y
