-- refusal: string_agg without an order
-- tables
create table t (id int primary key, g int, x int, f float8, at timestamptz, on_day date, word text, doc jsonb);
create table u (id int primary key, g int, y int);
-- view
select g, string_agg(word, ',') as words from t group by g
-- error
string_agg() without ORDER BY cannot be maintained
-- hint
its result depends on the order of rows: write agg(x order by key)
-- refusal: array_agg without an order
-- view
select g, array_agg(x) as xs from t group by g
-- error
array_agg() without ORDER BY cannot be maintained
-- hint
its result depends on the order of rows: write agg(x order by key)
-- refusal: the first of an array_agg without an order
-- view
select g, (array_agg(x))[1] as x from t group by g
-- error
the first element of an array_agg() without ORDER BY cannot be maintained
-- hint
write (array_agg(x order by t desc, id desc))[1]
-- refusal: json_agg without an order
-- view
select g, string_agg(word, ',' order by id) as words, json_agg(x) as xs from t group by g
-- error
json_agg() without ORDER BY cannot be maintained
-- hint
its result depends on the order of rows: write agg(x order by key)
