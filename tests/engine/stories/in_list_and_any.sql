-- story: IN a list and = ANY of an array are plain conditions
-- covers: filter, in
-- tables
create table t (x int, tags text[]);
-- view
select x, cardinality(tags) as tags from t where x in (1, 2, null) and ('a' = any (tags) or tags is null);
-- step: some
insert into t values (1, '{a,b}'), (2, null), (2, '{b}'), (3, '{a}'), (null, '{a}');
-- expect
values (1, 2), (2, null);
-- step: tags change
update t set tags = tags || 'a'::text;
