-- story: a CTE used twice is two inputs
-- covers: CTE, self join, group by
-- tables
create table orders (order_id int primary key, customer_id int, amount int);
-- view
with big as (
    select customer_id, amount from orders where amount > 5
),
totals as (
    select customer_id, count(*) as orders, max(amount) as most from big group by customer_id
)
select b.customer_id, b.amount, t.orders, t.most, again.orders as orders_again
from big as b
join totals as t on t.customer_id = b.customer_id
join totals as again on again.customer_id = t.customer_id;
-- step: big and small
insert into orders values (1, 1, 6), (2, 1, 7), (3, 2, 5), (4, 3, 9);
-- step: small becomes big
update orders set amount = amount + 1;
-- step: and the largest leaves
delete from orders where order_id = 2;
-- step: they all join one customer
update orders set customer_id = 9;
