-- story: windows inside expressions, over several partitions in one SELECT
-- covers: window, expressions, several windows
-- tables
create table sales (id int primary key, region text, product text, amount numeric);
-- view
select id, region, round(amount / sum(amount) over (partition by region), 4) as share_of_region,
    round(100 * amount / nullif(sum(amount) over (), 0), 2)::text || ' %' as share,
    case when rank() over (partition by product order by amount desc, id) = 1 then 'best' else product end as best,
    count(*) over (partition by region, product) + 1 as more, coalesce(lag(amount) over (partition by region order by id), 0) + 1 as before
from sales
where amount is not null;
-- step: sales
insert into sales values (1, 'n', 'x', 10.0), (2, 'n', 'y', 30), (3, 's', 'x', 60.00), (4, null, null, 1), (5, 's', 'z', null);
-- step: changes
update sales set amount = 5 where id = 5;
update sales set region = 's' where id = 2;
update sales set product = 'x' where id = 4;
-- step: some leave
delete from sales where region = 's' and product = 'x';
update sales set amount = null where id = 1;
