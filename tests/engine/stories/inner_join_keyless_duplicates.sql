-- story: duplicates on both sides of a join multiply
-- covers: inner join, bag, keyless
-- tables
create table a (k int, x text);
create table b (k int, y text);
-- view
select a.x, b.y from a join b on a.k = b.k;
-- step: two by three
insert into a values (1, 'x'), (1, 'x'), (null, 'x');
insert into b values (1, 'y'), (1, 'y'), (1, 'y'), (null, 'y');
-- expect
select 'x', 'y' from generate_series(1, 6);
-- step: one of each goes
delete from a where ctid = (select min(ctid) from a);
delete from b where ctid = (select min(ctid) from b);
-- expect
select 'x', 'y' from generate_series(1, 2);
