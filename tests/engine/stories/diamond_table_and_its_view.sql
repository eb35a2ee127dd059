-- story: a view of a table joined with that table
-- covers: diamond, cascade, group by
-- tables
create table orders (order_id int, customer_id int, amount int);
-- view: totals
select customer_id, sum(amount) as total, count(*) as orders from orders group by customer_id;
-- view: shares
select o.order_id, o.amount, t.total from orders as o join totals as t on t.customer_id = o.customer_id;
-- step: three orders, two customers
insert into orders values (1, 1, 10), (2, 1, 20), (3, 2, 5);
-- expect: shares
values (1, 10, 30::bigint), (2, 20, 30), (3, 5, 5);
-- step: one moves
update orders set customer_id = 2 where order_id = 2;
-- expect: shares
values (1, 10, 10::bigint), (2, 20, 25), (3, 5, 25);
-- step: one goes, and its group with it
delete from orders where order_id = 1;
-- step: two in one transaction
insert into orders values (4, 1, 1); update orders set amount = amount * 2;
