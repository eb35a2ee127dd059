-- story: columns that a grouped primary key determines
-- covers: functional dependency, group by, having, windows over groups, scalar subquery, distinct on over groups
-- tables
create table customers (customer_id int primary key, name text, city text);
create table orders (order_id int, line int, customer_id int, amount numeric, primary key (order_id, line));
-- view: shown
select c.customer_id, c.name, upper(c.city) as city, count(o.order_id) as orders, sum(o.amount) as amount
from customers as c left join orders as o on o.customer_id = c.customer_id group by c.customer_id having c.city is distinct from 'X';
-- view: two_keys
select o.order_id, o.line, o.amount, max(c.name) as name from orders as o join customers as c using (customer_id) group by o.line, o.order_id;
-- view: beside
select c.customer_id, c.name, (select max(o.amount) from orders as o where o.customer_id = c.customer_id and c.city <> 'X') as most,
    sum(count(*)) over (partition by c.city) as in_city from customers as c group by c.customer_id;
-- view: first_of_city
select distinct on (c.city) c.city, c.customer_id, count(*) as n from customers as c join orders as o on o.customer_id = c.customer_id
group by c.customer_id order by c.city, count(*) desc, c.customer_id;
-- step: rows come
insert into customers values (1, 'Ada', 'A'), (2, null, null), (3, 'Cy', 'A');
insert into orders values (1, 1, 1, 2.50), (1, 2, 1, 1), (2, 1, 3, null), (3, 1, 2, 0);
-- expect: shown
values (1, 'Ada', 'A', 2::bigint, 3.50), (2, null, null, 1, 0), (3, 'Cy', 'A', 1, null);
-- step: what the key determines changes
update customers set name = 'Adele', city = 'X' where customer_id = 1;
-- step: with its orders
with c as (update customers set city = 'A', name = name || '!' returning 1) update orders set customer_id = 1, amount = 7 where order_id = 3;
-- step: the key changes
update customers set customer_id = 4 where customer_id = 1;
-- step: gone
delete from customers;
