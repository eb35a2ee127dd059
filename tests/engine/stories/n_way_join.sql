-- story: four tables in one join
-- covers: n-way join
-- tables
create table customers (customer_id int primary key, country text);
create table orders (order_id int primary key, customer_id int);
create table lines (order_id int, product_id int, quantity int);
create table products (product_id int primary key, price numeric(10, 2));
-- view
select c.country, o.order_id, l.quantity * p.price as amount
from lines as l, orders as o, customers as c, products as p
where l.order_id = o.order_id and o.customer_id = c.customer_id and p.product_id = l.product_id;
-- step: all in one statement
with c as (insert into customers values (1, 'NO'), (2, 'SE') returning 1),
o as (insert into orders values (10, 1), (11, 2) returning 1),
p as (insert into products values (7, 1.50), (8, 2) returning 1)
insert into lines values (10, 7, 2), (10, 8, 1), (11, 7, 1), (11, 7, 1);
-- expect
values ('NO', 10, 3.00), ('NO', 10, 2.00), ('SE', 11, 1.50), ('SE', 11, 1.50);
-- step: a price changes, and an order moves, in one statement
with p as (update products set price = price + 1 returning 1)
update orders set customer_id = 2 where order_id = 10;
-- expect
values ('SE', 10, 5.00), ('SE', 10, 3.00), ('SE', 11, 2.50), ('SE', 11, 2.50);
