-- story: the best sellers of each region, from groups and from keyless rows
-- covers: top-n per key, group by, CTE, keyless, inner join
-- tables
create table sales (region int, product text, amount numeric);
create table regions (region int primary key, name text);
-- view: sellers
with totals as (select region, product, sum(amount) as total from sales group by region, product)
select r.name, t.product, t.total, t.place
from (select *, row_number() over (partition by region order by total desc nulls last, product) as place from totals) as t
join regions as r on r.region = t.region
where t.place <= 2;
-- view: told
select product, total, n from (
    select product, sum(amount) as total, row_number() over (order by sum(amount) desc nulls last, product) as n from sales group by product
) as ranked where n <= 3;
-- view: largest
select region, amount from (select region, amount, row_number() over (partition by region order by amount desc, product) as n from sales) as r where n <= 3;
-- step: rows
insert into regions values (1, 'n'), (2, 's');
insert into sales values (1, 'a', 5), (1, 'a', 5), (1, 'b', 20.0), (1, 'c', 1), (2, 'a', 3), (2, null, 4), (null, 'a', 1), (2, 'd', null);
-- step: one grows
insert into sales values (1, 'c', 100), (1, 'a', 5);
-- step: both in one statement
with n as (update regions set name = 'north' where region = 1 returning 1) delete from sales where product = 'b';
-- step: regions move
update sales set region = 2 where region = 1 and amount < 10;
update sales set region = 1 where region is null;
-- step: gone
delete from sales where region = 2;
