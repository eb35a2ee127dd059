-- story: windows over joins, when several inputs change in one statement
-- covers: window, inner join, left join, held statements, union all
-- tables
create table people (id int primary key, team int, name text);
create table points (person int, at int, n int, unique (person, at));
create table teams (team int primary key, label text not null);
-- view: ranked
select p.id, p.name, t.label, s.n, rank() over (partition by t.team order by s.n desc) as place,
    sum(s.n) over (partition by p.id order by s.at) as so_far
from people as p
join points as s on s.person = p.id
left join teams as t on t.team = p.team;
-- view: mixed
select kind, id, row_number() over (partition by kind order by id desc) as number
from (select 'person' as kind, id from people union all select 'team', team from teams where label <> 'x') as every;
-- view: told
select p.id, coalesce(t.label, '-') as label, count(*) over (partition by p.team + coalesce(t.team, 0)) as mates
from people as p left join teams as t on t.team = p.team
where exists (select from points as s where s.person = p.id);
-- step: rows
insert into teams values (1, 'one'), (2, 'two');
insert into people values (1, 1, 'Ada'), (2, 1, 'Bob'), (3, 2, 'Cy'), (4, 9, 'Di'), (5, null, 'Ed');
insert into points values (1, 1, 5), (1, 2, 1), (2, 1, 5), (3, 1, 8), (4, 1, 1), (5, null, 3), (5, 1, 3);
-- step: two inputs in one statement
with moved as (update people set team = 2 where id = 2 returning 1) update points set n = n + 1 where person in (1, 2);
-- step: three inputs in one statement
with a as (delete from teams where team = 2 returning 1), b as (insert into people values (6, 1, 'Flo') returning 1)
insert into points values (6, 1, 9), (1, 3, 4);
-- step: keys change
update people set id = id + 10 where id = 1;
update points set person = 11 where person = 1;
-- step: they leave
with gone as (delete from people where team = 1 returning id) delete from points where person in (select id from gone);
truncate teams;
