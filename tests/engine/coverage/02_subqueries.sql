-- section: Subqueries, CTEs and recursion
-- construct: EXISTS
-- view
select id from t where exists (select from u where u.g = t.g and u.y > 1)
-- by: Bag
-- construct: NOT EXISTS
-- view
select id from t where not exists (select from u where u.g = t.g)
-- by: Bag
-- construct: EXISTS as a value
-- view
select id, exists (select from u where u.g = t.g) as has_u from t
-- by: Bag
-- construct: IN
-- view
select id from t where g in (select u.g from u where u.y > 1)
-- by: Bag
-- construct: NOT IN, by SQL's rules for NULL
-- view
select id from t where g not in (select u.g from u where u.y > 1)
-- by: Bag
-- construct: ANY, SOME
-- view
select id from t where x > any (select u.y from u where u.g = t.g)
-- by: Bag
-- construct: ALL
-- view
select id from t where x > all (select u.y from u where u.g = t.g)
-- by: Bag
-- construct: scalar subquery in SELECT, not correlated
-- view
select id, x - (select max(y) from u) as below from t
-- by: Bag
-- construct: scalar subquery in SELECT, correlated
-- view
select id, (select sum(y) from u where u.g = t.g) as total from t
-- by: Bag
-- construct: scalar subquery in WHERE
-- view
select id from t where x > (select avg(y) from u where u.g = t.g)
-- by: Bag
-- construct: scalar subquery in HAVING
-- view
select g, count(*) as n from t group by g having count(*) > (select count(*) from u where y = 1)
-- by: Bag
-- construct: derived table
-- view
select d.g, d.x from (select g, x, id from t where b) as d where d.x > 1
-- by: Bag
-- construct: CTE used several times
-- view
with big as (select g, count(*) as n from t group by g) select a.g, a.n, b.n as more from big as a join big as b on b.n = a.n + 1
-- by: Aggregate, Bag
-- construct: WITH RECURSIVE: connected components
-- view
with recursive edges as (select a, b from links union all select b as a, a as b from links),
reach (node, component) as (select a, b from edges union select reach.node, edges.b from reach join edges on edges.a = reach.component)
select node, min(component) as component from reach group by node
-- by: Aggregate, Components
-- construct: WITH RECURSIVE of another shape
-- view
with recursive r (id) as (select id from t where x is null union all select t.id from t join r on t.x = r.id) select id from r
-- error
WITH RECURSIVE cannot be maintained
-- hint
write connected components with penstock.connected_components()
-- construct: ARRAY(SELECT … ORDER BY …)
-- view
select id, array(select y from u where u.g = t.g order by y, u.id) as ys from t
-- by: Aggregate, Bag
-- construct: ARRAY(SELECT …) without ORDER BY
-- view
select id, array(select y from u where u.g = t.g) as ys from t
-- error
ARRAY(SELECT …) without ORDER BY, or over groups, cannot be maintained
-- hint
write ARRAY(SELECT x FROM … ORDER BY x); group in a subquery in FROM
