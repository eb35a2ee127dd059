-- story: a right join is a left join read the other way
-- covers: right join
-- tables
create table orders (order_id int, customer_id int);
create table customers (customer_id int, name text);
-- view
select o.order_id, c.name from orders as o right join customers as c on c.customer_id = o.customer_id;
-- step: a customer without an order
insert into customers values (1, 'Ada'), (2, 'Bob');
insert into orders values (10, 1), (11, 1);
-- expect
values (10, 'Ada'), (11, 'Ada'), (null, 'Bob');
-- step: orders go
truncate orders;
-- expect
values (null::int, 'Ada'), (null, 'Bob');
