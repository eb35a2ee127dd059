-- story: an inner join follows both of its sides
-- covers: inner join, insert, update, delete
-- tables
create table orders (order_id int primary key, customer_id int);
create table customers (customer_id int primary key, name text);
-- view
select o.order_id, c.name from orders as o join customers as c on c.customer_id = o.customer_id;
-- step: orders come first
insert into orders values (1, 10), (2, 10), (3, 20);
-- step: then a customer
insert into customers values (10, 'Ada');
-- expect
values (1, 'Ada'), (2, 'Ada');
-- step: who changes the name
update customers set name = 'Ada L.';
-- step: the key
update customers set customer_id = 20;
-- expect
values (3, 'Ada L.');
-- step: and goes
delete from customers;
