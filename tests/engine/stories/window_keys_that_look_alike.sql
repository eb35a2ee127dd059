-- story: partition keys that are equal and look different, and rows that differ in look only
-- covers: window, numeric, citext, nondeterministic collation, keys, arrays
-- requires: citext
-- tables
create extension if not exists citext;
create table t (k numeric primary key, g citext, h numeric, tags int[], doc jsonb, price numeric);
-- view: counted
select k, g, h, tags, count(*) over (partition by g) as n, sum(price) over (partition by g, h) as total from t;
-- view: by_tags
select k, tags, row_number() over (partition by tags order by k) as n from t;
-- view: by_doc
select k, doc, lag(k) over (partition by doc order by k) as before from t;
-- view: best
select k, price from t order by price desc nulls last, k limit 2;
-- view: told
select k, g, n from (select k, g, row_number() over (partition by h order by k) as n from t) as r where n <= 2;
-- step: rows
insert into t values (1.0, 'a', 1.0, '{1,null}', '{"x": 1.0}', 5), (2, 'A', 1.00, '{}', '{"x": 1.00}', 5.0), (3, null, null, null, null, null), (4, 'b', 1, '{1,null}', 'null', 7);
-- step: only the look changes
update t set k = 1.00 where k = 1;
update t set h = 1.000 where k = 2;
update t set price = 7.0 where k = 4;
update t set doc = '{"x": 1.000}' where k = 1;
-- step: a key becomes equal to another
update t set g = 'B' where k = 1;
update t set tags = '{1,null}' where k in (2, 3);
-- step: swapped
update t set k = 10 - k;
-- step: they leave
delete from t where g = 'b';
