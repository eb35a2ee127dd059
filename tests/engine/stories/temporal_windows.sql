-- story: window functions, top-n and LIMIT over what expires
-- covers: temporal filter, window function, top-n, limit
-- tables
create table bids (id int primary key, item int, price int, ts timestamptz);
-- view: ranked
select item, id, rank() over (partition by item order by price desc, id) as place, sum(price) over (partition by item order by id) as total
from bids where ts > now() - interval '1 hour';
-- view: best_two
select item, id, price from (select *, row_number() over (partition by item order by price desc, id) as n from bids where ts > now() - interval '1 hour') as b where n <= 2;
-- view: top_three
select id, price from bids where ts > now() - interval '1 hour' order by price desc, id limit 3;
-- view: share_of_new
select id, count(*) filter (where ts > now() - interval '1 hour') over (partition by item) as n, lag(id) over (partition by ts > now() order by id) as before from bids;
-- view: of_recent_best
select b.item, count(*) as n from best_two as b join top_three as t on t.id = b.id group by b.item;
-- view: leading
select id, case when max(ts) over (partition by item) > now() - interval '30 minutes' and ts > now() - interval '1 hour' then 'hot' end as heat from bids;
-- step: bids
select penstock.tick('2038-01-01 12:00Z');
insert into bids select i, i % 3, (i * 31) % 17, timestamptz '2038-01-01 12:00Z' - i * interval '7 minutes' from generate_series(-2, 20) as i;
insert into bids values (100, null, 5, null), (101, 1, null, '2038-01-01 11:30Z');
-- step: ten minutes
select penstock.tick('2038-01-01 12:10Z');
-- step: the best one leaves
update bids set ts = '2038-01-01 11:11Z' where price = (select max(price) from bids);
select penstock.tick('2038-01-01 12:12Z');
-- step: another item
update bids set item = 2 where id in (1, 2, 101);
select penstock.tick('2038-01-01 12:40Z');
-- step: all gone
select penstock.tick('2038-01-01 23:40Z');
