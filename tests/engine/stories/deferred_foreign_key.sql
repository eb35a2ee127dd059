-- story: a deferred foreign key lets the child come first
-- covers: deferred foreign key, left join
-- tables
create table customers (customer_id int primary key, name text);
create table orders (order_id int, customer_id int references customers deferrable initially deferred);
-- view
select o.order_id, c.name from orders as o left join customers as c on c.customer_id = o.customer_id;
-- step: the order, then its customer
insert into orders values (1, 10);
insert into customers values (10, 'Ada');
-- step: delete the parent and put it back
delete from customers; insert into customers values (10, 'Bob');
-- expect
values (1, 'Bob');
