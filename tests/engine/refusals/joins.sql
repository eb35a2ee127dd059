-- refusal: a full join
-- tables
create table t (id int primary key, g int, x int, f float8, at timestamptz, on_day date, word text, doc jsonb);
create table u (id int primary key, g int, y int);
-- view
select t.id, u.y from t full join u on u.id = t.id
-- error
FULL JOIN cannot be maintained
-- hint
take the union all of a left join and an anti join (NOT EXISTS)
-- refusal: a left join on an inequality
-- view
select t.id, u.y from t left join u on u.id > t.id
-- error
LEFT JOIN on a condition other than equality cannot be maintained
-- hint
join on equal columns, and filter afterwards
-- refusal: a left join on nothing
-- view
select t.id, u.y from t left join u on true
-- error
LEFT JOIN without an equality between both sides cannot be maintained
-- hint
join on equal columns
-- refusal: a lateral join
-- view
select t.id, l.y from t cross join lateral (select y from u where u.g = t.g) as l
-- error
LATERAL cannot be maintained
-- hint
join on the condition instead
-- refusal: a function in FROM
-- view
select t.id, n from t, generate_series(1, 3) as n
-- error
generate_series() returns a set and cannot be maintained
-- hint
store one row for each element, or keep the array whole
-- refusal: NOT IN a subquery
-- view
select id from t where x not in (select y from u)
-- error
NOT IN (SELECT …) cannot be maintained
-- hint
use NOT EXISTS, which says what happens with NULL
-- refusal: a scalar subquery
-- view
select id, (select max(y) from u where u.g = t.g) as most from t
-- error
a subquery in SELECT cannot be maintained here
-- hint
join the subquery in FROM, or use EXISTS, NOT EXISTS or IN as a condition of its own in WHERE
-- refusal: a subquery in WHERE
-- view
select id from t where x = (select max(y) from u)
-- error
a subquery in WHERE cannot be maintained here
-- hint
join the subquery in FROM, or use EXISTS, NOT EXISTS or IN as a condition of its own in WHERE
-- refusal: EXISTS under OR
-- view
select id from t where x = 1 or exists (select from u where u.id = t.id)
-- error
a subquery in WHERE cannot be maintained here
-- hint
join the subquery in FROM, or use EXISTS, NOT EXISTS or IN as a condition of its own in WHERE
-- refusal: EXISTS without a link
-- view
select id from t where exists (select from u)
-- error
EXISTS without an equality between inner and outer columns cannot be maintained
-- hint
correlate it: where inner.column = outer.column
-- refusal: ANY of a subquery
-- view
select id from t where x > any (select y from u)
-- error
a subquery in WHERE cannot be maintained here
-- hint
join the subquery in FROM, or use EXISTS, NOT EXISTS or IN as a condition of its own in WHERE
-- refusal: TABLESAMPLE
-- view
select id from t tablesample system (10)
-- error
TABLESAMPLE cannot be maintained
-- hint
filter by a hash of the key
