-- story: the first rows of each key
-- covers: row_number, rank, dense_rank, top-n per key
-- tables
create table t (id int primary key, g text, x int, note text);
-- view: best
select id, g, x, n from (select *, row_number() over (partition by g order by x desc nulls last, id) as n from t) as r where n <= 2;
-- view: second
select g, id from (select id, g, row_number() over (partition by g order by x, id) as n from t where note is null) as r where 2 = n;
-- view: tied
select g, id, place from (select id, g, rank() over (partition by g order by x desc) as place from t) as r where place < 3;
-- view: dense
select g, id from (select id, g, dense_rank() over (partition by g order by x) as place from t) as r where place between 1 and 2;
-- view: renamed
select r.n, r.id from (select id, row_number() over (order by x, id) from t) as r (n, id) where r.id <= 2 and r.n > 0;
-- view: told
select a.id, b.id as best, b.n from t as a left join (select g, id, row_number() over (partition by g order by x desc, id) as n from t) as b on b.g = a.g
where b.n = 1 or b.n is null;
-- view: strict
select a.id, b.id as best from t as a left join (select g, id, row_number() over (partition by g order by x desc, id) as n from t) as b on b.g = a.g
where b.n = 1;
-- step: rows
insert into t values (1, 'a', 5, null), (2, 'a', 7, null), (3, 'a', 7, 'x'), (4, 'b', null, null), (5, null, 1, null), (6, null, 2, null), (7, null, 3, null);
-- step: the best leaves
delete from t where id = 2;
-- step: ties
insert into t values (8, 'a', 7, null), (9, 'a', 5, null), (10, 'b', null, null);
-- step: keys change
update t set g = 'b' where id in (3, 7);
update t set x = 0 where g = 'a';
-- step: a note only
update t set note = 'y' where id = 1;
-- step: a key empties
delete from t where g is null;
