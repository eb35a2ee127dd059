-- refusal: INTERSECT
-- tables
create table t (id int primary key, g int, x int, f float8, at timestamptz, on_day date, word text, doc jsonb);
create table u (id int primary key, g int, y int);
-- view
select id from t intersect select id from u
-- error
INTERSECT cannot be maintained
-- hint
use EXISTS / NOT EXISTS with the columns compared
-- refusal: EXCEPT
-- view
select id from t except select id from u
-- error
EXCEPT cannot be maintained
-- hint
use EXISTS / NOT EXISTS with the columns compared
-- refusal: a recursive CTE of another shape
-- view
with recursive r (id) as (select id from t where x is null union all select t.id from t join r on t.x = r.id) select id from r
-- error
WITH RECURSIVE cannot be maintained
-- hint
write connected components with penstock.connected_components()
-- refusal: a set-returning function
-- view
select id, jsonb_array_elements(doc) as item from t
-- error
jsonb_array_elements() returns a set and cannot be maintained
-- hint
store one row for each element, or keep the array whole
-- refusal: unnest
-- view
select id, unnest(array[x, g]) as v from t
-- error
unnest() returns a set and cannot be maintained
-- hint
store one row for each element, or keep the array whole
-- refusal: no FROM
-- view
select 1 as one
-- error
a SELECT without FROM cannot be maintained
-- hint
put constants in a seed and read from it
-- refusal: VALUES
-- view
values (1), (2)
-- error
VALUES cannot be maintained
-- hint
read from a table
