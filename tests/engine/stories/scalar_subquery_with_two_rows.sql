-- story: a scalar subquery that finds two rows is SQL's own error
-- covers: scalar subquery, cardinality
-- random: its error is the SELECT's own
-- tables
create table a (id int primary key, k int);
create table b (id int primary key, k int, t text);
-- view
select id, (select t from b where b.k = a.k) as t from a;
-- step: one each
insert into a values (1, 1), (2, 2);
insert into b values (1, 1, 'x');
-- expect
values (1, 'x'), (2, null);
-- step: a second one
insert into b values (2, 1, 'y');
-- error: more than one row returned by a subquery used as an expression
-- step: in place of the first
delete from b;
insert into b values (2, 1, 'y');
-- expect
values (1, 'y'), (2, null);
