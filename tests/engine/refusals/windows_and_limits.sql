-- refusal: LIMIT without ORDER BY
-- tables
create table t (id int primary key, g int, x int, f float8, at timestamptz, on_day date, word text, doc jsonb);
create table u (id int primary key, g int, y int);
-- view
select id from t limit 10
-- error
LIMIT without ORDER BY cannot be maintained
-- hint
say which rows stay: order by …, with a key that makes the order total, limit …
-- refusal: OFFSET without ORDER BY
-- view
select id from t union all select id from u offset 10
-- error
OFFSET without ORDER BY cannot be maintained
-- hint
say which rows stay: order by …, with a key that makes the order total, limit …
-- refusal: FETCH FIRST without ORDER BY in a derived table
-- view
select r.id from (select id from t fetch first 3 rows only) as r join u on u.id = r.id
-- error
LIMIT without ORDER BY cannot be maintained
-- hint
say which rows stay: order by …, with a key that makes the order total, limit …
-- refusal: as many rows as a subquery says
-- view
select id from t order by id limit (select count(*) from u)
-- error
LIMIT of a subquery cannot be maintained
-- hint
write a number, or filter by row_number() over (order by …) <= the subquery
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
-- refusal: a window over such a key
-- view
select id, sum(x) over (partition by at + interval '5 minutes') as n from t
-- error
a key or a join that depends on a STABLE function cannot be looked up
-- hint
compute it in a maintained view, and group, rank or join that
-- refusal: rows in an order that no index can hold
-- view
select id from t order by at + interval '5 minutes', id limit 3
-- error
a key or a join that depends on a STABLE function cannot be looked up
-- hint
compute it in a maintained view, and group, rank or join that
-- refusal: LIMIT without ORDER BY for each outer row
-- view
select id, (select u.y from u where u.g = t.g limit 1) as y from t
-- error
LIMIT without ORDER BY cannot be maintained
-- hint
say which rows stay: order by …, with a key that makes the order total, limit …
-- refusal: an array of a partition in no order
-- view
select id, array_agg(x) over (partition by g) as xs from t
-- error
array_agg() over a window without ORDER BY cannot be maintained
-- hint
its result depends on the order of rows: over (partition by … order by key …)
