-- story: the first rows of joins, unions, filters and groups
-- covers: limit, inner join, left join, union all, union, held statements, CTE
-- tables
create table people (id int primary key, name text not null, team int);
create table scores (person int, n int);
-- view: joined
select p.name, s.n, p.id from people as p join scores as s on s.person = p.id order by s.n desc, p.id, p.name limit 3;
-- view: filtered
select id, name from people where team > 0 and name <> 'x' order by name collate "C", id limit 2;
-- view: both
select id as n, 'person' as kind from people union all select n, 'score' from scores order by 1 desc nulls last, 2 limit 4;
-- view: either
(select team as n from people order by team desc nulls last, id limit 2) union (select n from scores order by n limit 1);
-- view: told
with best as (select person, sum(n) as total from scores group by person order by sum(n) desc nulls last, person limit 2)
select p.id, b.total, t.name as mate
from people as p left join best as b on b.person = p.id
left join (select id, name, team from people order by id limit 3) as t on t.team = p.team and t.id > p.id
where b.total is null or b.total > 0;
-- step: rows
insert into people values (1, 'Ada', 1), (2, 'Bob', 1), (3, 'Cy', null), (4, 'x', 2);
insert into scores values (1, 5), (1, 5), (2, 7), (3, null), (9, 9);
-- step: both in one statement
with a as (update people set team = 2 where id = 2 returning 1) insert into scores values (4, 8), (2, 1);
-- step: the best leaves
delete from scores where n = 8;
update people set name = 'Al', id = 7 where id = 1;
update scores set person = 7 where person = 1;
-- step: both again
with a as (delete from people where id = 2 returning 1) update scores set n = n + 10 where person = 7;
truncate scores;
