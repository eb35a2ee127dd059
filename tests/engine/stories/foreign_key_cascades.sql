-- story: foreign keys delete, move and set NULL, on both sides of a join
-- covers: foreign key, cascade delete, cascade update, set null, inner join
-- tables
create table customers (customer_id int primary key, name text);
create table orders (
    order_id int primary key,
    customer_id int references customers on delete cascade on update cascade
);
create table visits (visit_id int primary key, customer_id int references customers on delete set null on update cascade);
-- view: named
select o.order_id, c.name from orders as o join customers as c on c.customer_id = o.customer_id;
-- view: counted
select c.customer_id, count(v.visit_id) as visits
from customers as c left join visits as v on v.customer_id = c.customer_id group by c.customer_id;
-- view: together
select o.order_id, v.visit_id from orders as o join visits as v on v.customer_id = o.customer_id;
-- step: two customers
insert into customers values (1, 'Ada'), (2, 'Bob');
insert into orders values (10, 1), (11, 1), (12, 2);
insert into visits values (20, 1), (21, 2), (22, null);
-- step: a key changes, and moves its orders and visits
update customers set customer_id = 7, name = 'Ada L.' where customer_id = 1;
-- expect: named
values (10, 'Ada L.'), (11, 'Ada L.'), (12, 'Bob');
-- step: a customer goes, with orders, leaving visits
delete from customers where customer_id = 7;
-- expect: together
values (12, 21);
-- step: all keys move
update customers set customer_id = customer_id + 1;
-- step: all go
delete from customers;
