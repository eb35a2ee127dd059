-- story: an upsert into a table that the view joins with itself
-- covers: on conflict, self join, diamond
-- tables
create table people (person_id int primary key, boss_id int, name text);
-- view: pairs
select p.name, b.name as boss from people as p join people as b on b.person_id = p.boss_id;
-- view: sizes
select p.person_id, p.name, c.size from people as p join (select boss_id, count(*) as size from people group by boss_id) as c on c.boss_id = p.person_id;
-- step: new
insert into people values (1, 1, 'Ada'), (2, 1, 'Bob');
-- step: known and new, each other's boss
insert into people values (2, 3, 'Bob!'), (3, 2, 'Cy')
on conflict (person_id) do update set boss_id = excluded.boss_id, name = excluded.name;
