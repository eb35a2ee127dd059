-- story: the first rows of a table, as it changes at both ends
-- covers: limit, order by, top-n
-- tables
create table t (id int primary key, g int, x numeric, doc jsonb);
-- view: best
select id, x, doc from t order by x desc nulls last, id limit 3;
-- view: newest
select id from t order by id desc limit 2;
-- view: next
select g, id from t order by g nulls first, x, id offset 2 limit 2;
-- view: rest
select id from t order by id offset 3;
-- view: totals
select g, sum(x) as total from t group by g order by count(*) desc, sum(x) desc nulls last, g limit 2;
-- view: kinds
select distinct g from t order by g desc nulls last limit 2;
-- view: told
select b.id, b.x * 2 as twice, n.id is null as is_old from best as b left join newest as n on n.id = b.id where b.x > 1;
-- step: rows
insert into t values (1, 1, 5.0, '{}'), (2, 1, 7, null), (3, 2, null, '[1]'), (4, null, 7.00, '{"a": 1.0}');
-- expect: best
values (2, 7, null::jsonb), (4, 7.00, '{"a": 1.0}'), (1, 5.0, '{}');
-- step: a better one, a worse one
insert into t values (5, 1, 6, null), (6, 3, -1, null);
-- step: the best leaves, and comes back worse
delete from t where id = 2;
insert into t values (2, 2, 0, null);
-- step: look-alikes
update t set x = 7.0 where id = 4;
update t set doc = '{"a": 1.00}' where id = 4;
-- step: order turns round
update t set x = -x;
-- step: less than asked for, then nothing
delete from t where id > 1;
truncate t;
