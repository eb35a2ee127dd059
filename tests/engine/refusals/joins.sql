-- refusal: an aggregate that may have a value for no rows
-- tables
create table t (id int primary key, g int, x int, f float8, at timestamptz, on_day date, word text, doc jsonb);
create table u (id int primary key, g int, y int);
-- view
select id, (select rank(1) within group (order by u.y) from u where u.g = t.g) as place from t
-- error
rank() in a correlated subquery cannot be maintained: it may have a value where there are no rows
-- hint
group in a CTE, join it with LEFT JOIN, and say what NULL is to be
-- refusal: an array of a subquery without an order
-- view
select id, array(select y from u where u.g = t.g) as ys from t
-- error
ARRAY(SELECT …) without ORDER BY, or over groups, cannot be maintained
-- hint
write ARRAY(SELECT x FROM … ORDER BY x); group in a subquery in FROM
-- refusal: sets of groups in a correlated subquery
-- view
select id from t where exists (select u.y from u where u.g = t.g group by rollup (u.y))
-- error
GROUPING SETS in a correlated subquery cannot be maintained: the empty set has a row where there are no rows
-- hint
group in a CTE, and join it
-- refusal: a subquery in ON that reads both sides
-- view
select t.id, u.y from t left join u on u.id = t.id and exists (select from u as w where w.g = t.g and w.y = u.y)
-- error
a subquery in ON that reads both sides of an outer join cannot be maintained
-- hint
join the subquery in FROM
-- refusal: TABLESAMPLE
-- view
select id from t tablesample system (10)
-- error
TABLESAMPLE cannot be maintained
-- hint
filter by a hash of the key
