-- story: one statement changes both inputs of a join
-- covers: data-modifying CTE, inner join, left join, not exists
-- tables
create table a (k int, x text);
create table b (k int, y text);
-- view: inner_pairs
select a.x, b.y from a join b on b.k = a.k;
-- view: left_pairs
select a.x, b.y from a left join b on b.k = a.k;
-- view: alone
select a.x from a where not exists (select from b where b.k = a.k);
-- step: both sides at once
with new_a as (insert into a values (1, 'x'), (2, 'z') returning 1) insert into b values (1, 'y'), (1, 'y');
-- expect: inner_pairs
values ('x', 'y'), ('x', 'y');
-- step: one side out, the other in
with gone as (delete from a where k = 1 returning *) insert into b select k + 1, x from gone;
-- step: both updated
with moved as (update a set k = 1 returning 1) update b set k = 3 - k;
-- step: three changes to two tables
with gone as (delete from b where k = 1 returning *),
came as (insert into a select k, 'again' from gone returning *)
insert into b select k, y || '!' from gone;
-- step: the same table twice in one statement
with first_rows as (insert into a values (5, 'p') returning 1), second_rows as (insert into a values (5, 'q') returning 1)
insert into b values (5, 'r');
-- step: both emptied
with gone as (delete from a returning 1) delete from b;
