-- story: count(distinct) counts a value until its last copy goes
-- covers: count distinct, NULL
-- tables
create table t (g text, x int, y text);
-- view
select g, count(distinct x) as xs, count(distinct y) as ys, count(distinct lower(y)) as words from t group by g;
-- step: copies
insert into t values ('a', 1, 'p'), ('a', 1, 'P'), ('a', null, null), ('b', null, null);
-- expect
values ('a', 1::bigint, 2::bigint, 1::bigint), ('b', 0, 0, 0);
-- step: a copy goes
delete from t where y = 'P';
-- step: values move
update t set x = 2, y = 'q';
-- step: groups move
update t set g = 'a';
