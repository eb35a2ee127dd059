-- story: a left join shows NULL again when the last match goes
-- covers: left join, retraction, duplicate keys
-- tables
create table orders (order_id int, customer_id int);
create table customers (customer_id int, name text);
-- view
select order_id, name from orders left join customers using (customer_id);
-- step: an order of nobody known
insert into orders values (1, 10), (2, null);
-- expect
values (1, null), (2, null);
-- step: two customers under one key double the row
insert into customers values (10, 'Ada'), (10, 'Ada');
-- expect
values (1, 'Ada'), (1, 'Ada'), (2, null);
-- step: one match of two goes
delete from customers where ctid = (select min(ctid) from customers);
-- expect
values (1, 'Ada'), (2, null);
-- step: the last match goes and NULL is back
delete from customers;
-- expect
values (1, null), (2, null);
-- step: a match comes by a change of its key
insert into customers values (11, 'Bob');
update customers set customer_id = 10;
-- expect
values (1, 'Bob'), (2, null);
