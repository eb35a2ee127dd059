-- story: windows over groups: ranks of totals, shares of totals, totals of totals
-- covers: window, group by, having, order of evaluation
-- tables
create table sales (id int primary key, region text, day int, amount int);
-- view: ranked
select region, sum(amount) as total, count(*) as sales,
    rank() over (order by sum(amount) desc nulls last) as place,
    sum(sum(amount)) over (order by region rows unbounded preceding) as so_far,
    sum(amount)::numeric / sum(sum(amount)) over () as share
from sales
group by region
having count(*) > 1;
-- view: days
select region, day, max(amount) filter (where amount < 100) as best,
    max(amount) - lag(max(amount)) over (partition by region order by day) as more,
    (array_agg(id order by amount desc, id))[1] as first_id, day % 2 as parity,
    sum(count(*)) filter (where day % 2 = 0) over (partition by region order by day) as even
from sales
group by region, day;
-- view: told
select count(*) as n, sum(count(*)) over () as again, row_number() over () as one from sales;
-- step: sales
insert into sales select i, case i % 3 when 0 then 'a' when 1 then 'b' end, i % 4, i * 10 from generate_series(1, 15) as i;
-- step: changes
update sales set amount = 500 where id = 3;
update sales set region = 'c' where id in (1, 4);
update sales set day = 9 where id = 6;
-- step: some leave
delete from sales where region = 'b' or id > 12;
insert into sales values (100, null, 1, null), (101, null, 1, 2);
-- step: nothing is left
delete from sales;
