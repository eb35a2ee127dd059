-- story: one GROUP BY a set; the empty set is one row whatever happens
-- covers: grouping sets, rollup, cube, grouping(), having, filter, count distinct, windows over groups
-- tables
create table sales (sale_id int primary key, region text, shop text, amount numeric(10, 2), online bool);
create table returns (region text, shop text, amount int);
-- view: by_region_and_shop
select region, shop, count(*) as n, sum(amount) as amount, max(sale_id) as last, grouping(region, shop) as level from sales group by rollup (region, shop);
-- view: cubed
select coalesce(region, 'all') as region, shop, online, count(distinct amount) as amounts, count(*) filter (where online) as online_sales
from sales group by cube (region, (shop, online)) having count(*) > 1 or grouping(region) = 1;
-- view: sets
select region, upper(shop) as shop, count(*) as n from returns group by grouping sets ((region, upper(shop)), (upper(shop)), (), (), (region));
-- view: mixed
select r.region, s.online, r.shop, count(*) as n, min(r.amount) as least
from returns as r left join sales as s on s.region = r.region and s.shop = r.shop group by r.region, rollup (s.online, r.shop);
-- view: only_all
select count(*) as n, sum(amount) as amount, bool_or(amount > 2) as any from returns group by ();
-- view: distinct_sets
select region, shop, count(*) as n from returns group by distinct rollup (region, shop), rollup (region);
-- view: ranked
select region, shop, sum(amount) as amount, rank() over (partition by grouping(region, shop) order by sum(amount) desc nulls last) as place from sales group by rollup (region, shop);
-- view: total_joined
select q.region, r.amount, q.n from (select region, count(*) as n from sales group by rollup (region)) as q left join returns as r on r.region = q.region;
-- step: nothing
delete from sales;
-- expect: by_region_and_shop
values (null::text, null::text, 0::bigint, null::numeric, null::int, 3);
-- step: a NULL key beside the NULL of a set that leaves the key out
insert into sales values (1, 'n', 'a', 1.50, true), (2, 'n', 'b', 2, false), (3, null, 'a', 1.5, null), (4, null, null, null, true), (5, 's', 'a', 7, true);
insert into returns values ('n', 'a', 1), ('n', 'a', 1), (null, null, 5), (null, 'A', null), ('s', null, 2);
-- expect: by_region_and_shop
values ('n', 'a', 1::bigint, 1.50, 1, 0), ('n', 'b', 1, 2.00, 2, 0), (null, 'a', 1, 1.50, 3, 0), (null, null, 1, null, 4, 0), ('s', 'a', 1, 7.00, 5, 0),
    ('n', null, 2, 3.50, 2, 1), (null, null, 2, 1.50, 4, 1), ('s', null, 1, 7.00, 5, 1), (null, null, 5, 12.00, 5, 3);
-- step: both tables at once, keys too
with s as (update sales set region = coalesce(region, 's'), shop = 'c' where sale_id in (2, 3, 4) returning 1) update returns set shop = 'c', region = null where shop = 'a';
-- step: keys of rows change
update sales set sale_id = sale_id + 10, online = not online where region = 's';
-- step: one of two equal rows
delete from returns where ctid = (select min(ctid) from returns where shop = 'c');
-- step: one set empties
delete from sales where region <> 'n';
-- step: all of them
truncate sales;
delete from returns;
-- expect: sets
values (null::text, null::text, 0::bigint), (null, null, 0);
