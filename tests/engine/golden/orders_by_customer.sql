-- model: an inner join and a group
-- tables
create table orders (order_id int primary key, customer_id int not null, amount numeric not null);
create table customers (customer_id int primary key, country text not null);
-- view
select c.country, count(*) as orders, sum(o.amount) as amount, max(o.amount) as largest
from orders as o
join customers as c on c.customer_id = o.customer_id
group by c.country
