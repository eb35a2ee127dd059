-- story: INTERSECT and EXCEPT count the rows of both sides, NULLs equal
-- covers: intersect, intersect all, except, except all, nested set operations, held statements
-- tables
create table a (id int primary key, g int, word text);
create table b (g int, word text);
create table c (g bigint, word varchar(5));
-- view: common
select g, word from a intersect select g, word from b;
-- view: common_copies
select g, word from b intersect all select g, word from c;
-- view: only_a
select g, word from a except select g, word from b;
-- view: surplus
select g, word from b except all select g, word from a;
-- view: nested
(select g, word from a union all select g, word from b) except all (select g, word from c intersect select g, word from b);
-- view: in_turn
select g from a except select g from b except select g from c;
-- view: with_constants
select g, word from b intersect all (values (1, 'x'), (1, 'x'), (null, null), (2, 'y'));
-- view: counted
select q.g, count(*) as n, min(a.id) as first from (select g from b except all select g from c) as q left join a on a.g = q.g group by q.g;
-- view: of_groups
select g, count(*) as n from a group by g except select g, count(*) from b group by g;
-- view: filtered
select id from a where g not in (select g from b where g is not null intersect select g from c);
-- step: duplicates, and NULL on both sides
insert into a values (1, 1, 'x'), (2, 1, 'x'), (3, null, null), (4, 2, 'y'), (5, 3, null);
insert into b values (1, 'x'), (1, 'x'), (1, 'x'), (null, null), (null, null), (4, 'z');
insert into c values (1, 'x'), (1, 'x'), (null, null), (5, 'z'), (3, null);
-- expect: common
values (1, 'x'), (null, null);
-- expect: common_copies
values (1::bigint, 'x'::text), (1, 'x'), (null, null);
-- expect: surplus
values (1, 'x'), (null, null), (4, 'z');
-- expect: only_a
values (2, 'y'), (3, null);
-- step: both sides in one statement
with x as (delete from a where id < 3 returning g, word), y as (update c set g = 4, word = 'z' where g = 5 returning 1)
insert into b select g, word from x union all select 2, 'y' from y;
-- step: a row moves from one side to the other
with x as (delete from b where g = 4 returning *) insert into a select 10, g, word from x;
-- step: the same row, again
insert into c values (null, null), (null, null);
update b set word = null where g is null;
update a set word = 'y', g = 2 where word is null;
-- step: keys of groups change
update b set g = g + 1 where g is not null;
-- step: one side goes
truncate b;
-- step: all of it
delete from a;
truncate c;
