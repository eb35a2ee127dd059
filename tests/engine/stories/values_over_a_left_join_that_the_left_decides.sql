-- story: VALUES of a left join whose ON asks the left side alone, found by what a subquery gives
-- covers: lateral VALUES, a left join's ON over the left side only, a correlated scalar subquery
-- tables
create table customers (id integer primary key, tags integer[], score numeric);
create table orders (id integer primary key, shop_id integer, total numeric(10,2));
create table shops (score numeric, shop_id integer);
-- view: told
select c.id, sum(o.total) as total
from customers as c
left join orders as o on c.tags is not distinct from coalesce(c.tags, c.tags)
cross join lateral (values (o.shop_id), (7)) as v(shop_id)
where v.shop_id = (
    select max(s.shop_id) from shops as s where s.score is not distinct from c.score
)
group by c.id
-- step: customers and a shop
insert into customers values (1, '{1}', 1), (2, null, 1), (3, '{}', null);
insert into shops values (1, 7), (1, 3), (null, 4);
-- step: orders
insert into orders values (10, 3, 1.50), (11, 7, 2.50), (12, 4, 4);
-- step: a shop goes
delete from shops where shop_id = 7;
-- step: an order moves, a customer changes
update orders set shop_id = 3 where id = 12;
update customers set score = 1 where id = 3;
-- step: no orders
delete from orders;
