-- story: a first row joined with another table and grouped
-- covers: row_number, inner join, group by, cascade
-- tables
create table prices (product int, since int, price numeric);
create table sales (sale_id int primary key, product int, quantity int);
-- view
with latest as (
    select product, price
    from (select *, row_number() over (partition by product order by since desc, price) as n from prices) as p
    where n = 1
)
select s.product, sum(s.quantity * l.price) as value
from sales as s join latest as l on l.product = s.product
group by s.product;
-- step: price and sales
insert into prices values (1, 1, 2.00); insert into sales values (10, 1, 3), (11, 1, 1), (12, 2, 1);
-- expect
values (1, 8.00);
-- step: a new price
insert into prices values (1, 2, 3), (2, 1, 1);
-- step: it is taken back
delete from prices where since = 2;
-- step: both in one statement
with p as (update prices set price = price + 1 returning 1) update sales set quantity = quantity + 1;
