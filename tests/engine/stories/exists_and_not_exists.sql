-- story: EXISTS and NOT EXISTS share the rows between them
-- covers: exists, not exists, semi join, anti join
-- tables
create table orders (order_id int, customer_id int);
create table blocked (customer_id int, reason text);
-- view: kept
select o.order_id from orders as o where exists (select from blocked as b where b.customer_id = o.customer_id);
-- view: passed
select o.order_id from orders as o where not exists (select 1 from blocked as b where b.customer_id = o.customer_id);
-- step: orders, one twice, one of nobody
insert into orders values (1, 10), (1, 10), (2, 20), (3, null);
-- step: blocked twice
insert into blocked values (10, 'a'), (10, 'b'), (null, 'c');
-- expect: kept
values (1), (1);
-- expect: passed
values (2), (3);
-- step: once less
delete from blocked where reason = 'a';
-- step: another key
update blocked set customer_id = 20 where reason = 'b';
-- expect: kept
values (2);
-- step: both in one statement
with b as (delete from blocked where customer_id = 20 returning 1) insert into orders values (4, 20);
-- expect: passed
values (1), (1), (2), (3), (4);
