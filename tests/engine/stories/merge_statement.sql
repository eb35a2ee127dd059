-- story: MERGE inserts, updates and deletes in one statement
-- covers: merge, group by, inner join
-- requires: postgres 15
-- tables
create table target (id int primary key, g text, x int);
create table source (id int, g text, x int);
-- view: sums
select g, sum(x) as total, min(x) as least from target group by g;
-- view: pairs
select t.id, t.x, s.x as other from target as t join source as s on s.id = t.id;
-- step: targets and sources
insert into target values (1, 'a', 1), (2, 'a', 2), (3, 'b', 3);
insert into source values (2, 'b', 20), (3, null, null), (4, 'c', 40), (1, 'a', 1);
-- step: one stays, one changes, one goes, one comes
merge into target as t using source as s on s.id = t.id
when matched and s.x is null then delete
when matched and t.x <> s.x then update set g = s.g, x = s.x
when not matched then insert values (s.id, s.g, s.x);
-- expect: sums
values ('a', 1::bigint, 1), ('b', 20, 20), ('c', 40, 40);
-- step: nothing to do
merge into target as t using source as s on s.id = t.id and false when matched then delete;
