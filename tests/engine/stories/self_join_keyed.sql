-- story: a self join of a keyed table
-- covers: self join
-- tables
create table people (person_id int primary key, boss_id int, name text);
-- view
select p.name, b.name as boss from people as p join people as b on b.person_id = p.boss_id;
-- step: a boss and two others, in one statement
insert into people values (1, null, 'Ada'), (2, 1, 'Bob'), (3, 2, 'Cy');
-- expect
values ('Bob', 'Ada'), ('Cy', 'Bob');
-- step: her own boss
update people set boss_id = 1 where person_id = 1;
-- step: names and bosses of all change at once
update people set name = name || '!', boss_id = person_id % 3 + 1;
-- expect
values ('Ada!', 'Bob!'), ('Bob!', 'Cy!'), ('Cy!', 'Ada!');
-- step: the middle goes
delete from people where person_id = 2;
