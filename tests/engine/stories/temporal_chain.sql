-- story: temporal views of temporal views
-- covers: temporal filter, chain, aggregate of aggregate, date_bin, windows
-- requires: postgres 14
-- tables
create table events (id int primary key, customer int, ts timestamptz);
create view recent_by_name as select * from events where ts > now() - interval '90 minutes';
-- view: lately
select id, customer, ts from events where ts > now() - interval '3 hours';
-- view: active
select customer, count(*) as n, max(ts) as last_at from lately where ts <= now() group by customer;
-- view: still_active
select customer, n from active where last_at > now() - interval '1 hour';
-- view: per_window
select date_bin('5 minutes', ts, timestamptz '2000-01-01Z') as starts_at, count(*) as events, max(customer) as most
from lately group by 1;
-- view: open_windows
select starts_at, events from per_window where starts_at > now() - interval '30 minutes';
-- view: all_of_it
select a.customer, a.n, s.n as still, p.events from active as a left join still_active as s on s.customer = a.customer left join open_windows as p on p.events = a.n;
-- view: hopping
select starts_at, count(*) as n from (
    select date_bin('10 minutes', ts, timestamptz '2000-01-01 00:00Z') as starts_at from lately
    union all select date_bin('10 minutes', ts, timestamptz '2000-01-01 00:05Z') from lately
) as w where starts_at > now() - interval '1 hour' group by 1;
-- step: events
select penstock.tick('2037-01-01 12:00Z');
insert into events select i, i % 4, timestamptz '2037-01-01 12:00Z' - i * interval '4 minutes' from generate_series(-5, 60) as i;
-- step: five minutes, one at a time
select penstock.tick('2037-01-01 12:01Z');
select penstock.tick('2037-01-01 12:02Z');
select penstock.tick('2037-01-01 12:05Z');
-- step: writes between
insert into events select 100 + i, i % 5, timestamptz '2037-01-01 12:06Z' from generate_series(1, 5) as i;
update events set customer = 3 where id % 7 = 0;
delete from events where id = 2;
-- step: one clock alone
select penstock.move_clocks(array(select clock from penstock.clocks() where view_name = 'still_active'), '2037-01-01 12:50Z');
-- step: an hour
select penstock.tick('2037-01-01 13:00Z');
-- step: a day
select penstock.tick('2037-01-02 13:00Z');
