-- story: groups over a left join count the unmatched as none
-- covers: left join, group by, count
-- tables
create table customers (customer_id int primary key, name text);
create table orders (order_id int primary key, customer_id int, amount numeric);
-- view
select c.customer_id, c.name, count(o.order_id) as orders, sum(o.amount) as amount
from customers as c left join orders as o on o.customer_id = c.customer_id
group by c.customer_id, c.name;
-- step: one with orders, one without
insert into customers values (1, 'Ada'), (2, 'Bob');
insert into orders values (10, 1, 2.50), (11, 1, 1);
-- expect
values (1, 'Ada', 2::bigint, 3.50), (2, 'Bob', 0, null);
-- step: the orders move
update orders set customer_id = 2;
-- expect
values (1, 'Ada', 0::bigint, null::numeric), (2, 'Bob', 2, 3.50);
-- step: an order goes
delete from orders where order_id = 10;
-- step: a customer goes
delete from customers where customer_id = 2;
-- expect
values (1, 'Ada', 0::bigint, null::numeric);
