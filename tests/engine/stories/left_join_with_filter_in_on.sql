-- story: a condition in ON decides what matches, one in WHERE what is shown
-- covers: left join, filter
-- tables
create table orders (order_id int, customer_id int, amount int);
create table customers (customer_id int, name text, is_active boolean);
-- view
select o.order_id, c.name
from orders as o
left join customers as c on c.customer_id = o.customer_id and c.is_active
where o.amount > 0;
-- step: one active, one not, one unknown
insert into customers values (1, 'Ada', true), (2, 'Bob', false), (3, 'Cy', null);
insert into orders values (10, 1, 5), (20, 2, 5), (30, 3, 5), (40, 1, 0);
-- expect
values (10, 'Ada'), (20, null), (30, null);
-- step: they trade places
update customers set is_active = not is_active;
-- expect
values (10, null), (20, 'Bob'), (30, null);
