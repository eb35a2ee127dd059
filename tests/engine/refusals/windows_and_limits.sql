-- refusal: rank()
-- tables
create table t (id int primary key, g int, x int, f float8, at timestamptz, on_day date, word text, doc jsonb);
create table u (id int primary key, g int, y int);
-- view
select id from (select id, rank() over (partition by g order by x) as n from t) as r where n = 1
-- error
a window function cannot be maintained here
-- hint
filter it in the next SELECT: row_number() over (partition by … order by …) = 1
-- refusal: row_number() = 2
-- view
select id from (select id, row_number() over (partition by g order by x, id) as n from t) as r where n = 2
-- error
a window function cannot be maintained unless row_number() is filtered to 1
-- hint
in the next SELECT write: where r.n = 1
-- refusal: row_number() that is shown
-- view
select id, row_number() over (partition by g order by x, id) as n from t
-- error
a window function cannot be maintained here
-- hint
filter it in the next SELECT: row_number() over (partition by … order by …) = 1
-- refusal: a running sum
-- view
select id, sum(x) over (partition by g order by id) as running from t
-- error
a window function cannot be maintained here
-- hint
filter it in the next SELECT: row_number() over (partition by … order by …) = 1
-- refusal: lag()
-- view
select id, lag(x) over (order by id) as before from t
-- error
a window function cannot be maintained here
-- hint
filter it in the next SELECT: row_number() over (partition by … order by …) = 1
-- refusal: LIMIT
-- view
select id from t order by id limit 10
-- error
LIMIT cannot be maintained
-- hint
keep the first row per key with row_number() = 1 or DISTINCT ON
-- refusal: OFFSET
-- view
select id from t order by id offset 10
-- error
OFFSET cannot be maintained
-- hint
keep the first row per key with row_number() = 1 or DISTINCT ON
-- refusal: FETCH FIRST
-- view
select id from t order by id fetch first 3 rows only
-- error
LIMIT cannot be maintained
-- hint
keep the first row per key with row_number() = 1 or DISTINCT ON
-- refusal: FOR UPDATE
-- view
select id from t for update
-- error
FOR UPDATE cannot be maintained
-- hint
leave it out
-- refusal: a partition whose key no index can hold
-- view
select id from (
    select id, row_number() over (partition by at + interval '5 minutes' order by id) as n from t
) as numbered where n = 1
-- error
a key or a join that depends on a STABLE function cannot be looked up
-- hint
compute it in a maintained view, and group, rank or join that
