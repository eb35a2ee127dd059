-- story: TRUNCATE of one, of several, and CASCADE
-- covers: truncate, left join, group by, foreign key
-- tables
create table customers (customer_id int primary key, name text);
create table orders (order_id int primary key, customer_id int references customers, amount int);
create table notes (order_id int, note text);
-- view: shown
select c.name, o.order_id, n.note
from customers as c
left join orders as o on o.customer_id = c.customer_id
left join notes as n on n.order_id = o.order_id;
-- view: totals
select customer_id, sum(amount) as total from orders group by customer_id;
-- step: rows everywhere
insert into customers values (1, 'Ada'), (2, 'Bob');
insert into orders values (10, 1, 5), (11, 1, 6), (12, 2, 7);
insert into notes values (10, 'x'), (10, 'y'), (12, 'z');
-- step: one table
truncate notes;
-- step: one that another refers to
truncate customers cascade;
-- expect: totals
select 1, 1::bigint where false;
-- step: again, then several in one statement
insert into customers values (1, 'Ada'); insert into orders values (10, 1, 5); insert into notes values (10, 'x');
truncate notes, orders, customers;
-- step: what is empty already
truncate notes;
-- step: truncated and filled in one transaction
insert into customers values (1, 'Ada');
truncate customers cascade; insert into customers values (1, 'Eve'); insert into orders values (1, 1, 1);
-- expect: shown
values ('Eve', 1, null::text);
-- step: truncated twice in one transaction
truncate customers cascade; insert into customers values (2, 'Cy'); truncate customers cascade;
