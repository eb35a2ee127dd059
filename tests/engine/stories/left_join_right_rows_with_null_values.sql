-- story: a matched row whose values are NULL is not an unmatched row
-- covers: left join, NULL
-- tables
create table orders (order_id int primary key, customer_id int);
create table customers (customer_id int, name text);
-- view
select o.order_id, c.customer_id, c.name
from orders as o left join customers as c on c.customer_id = o.customer_id;
-- step: nameless customers
insert into orders values (1, 10), (2, 20);
insert into customers values (10, null), (10, null), (null, 'Nobody');
-- expect
values (1, 10, null::text), (1, 10, null), (2, null, null);
-- step: they get names
update customers set name = 'Ada' where customer_id = 10;
-- step: the key of one becomes NULL
update customers set customer_id = null where ctid = (select min(ctid) from customers where customer_id = 10);
-- expect
values (1, 10, 'Ada'), (2, null, null);
-- step: and the other's too
update customers set customer_id = null;
-- expect
values (1, null::int, null::text), (2, null, null);
