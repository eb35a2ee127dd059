-- story: now() wherever a condition may stand
-- covers: temporal filter, having, case, filter clause, group by, count distinct, duplicates
-- tables
create table hits (k int, x int, ts timestamptz);
-- view: any_of
select k, x from hits where x > 3 and (ts > now() - interval '1 hour' or k = 1 and ts > now() - interval '3 hours');
-- view: labelled
select k, x, case when ts > now() then 'to come' when ts > now() - interval '1 hour' then 'new' else 'old' end as age from hits;
-- view: counted
select k, count(*) as n, count(*) filter (where ts > now() - interval '1 hour') as recent,
    sum(x) filter (where ts > now() - interval '2 hours') as total, min(x) filter (where ts <= now()) as least,
    max(case when ts > now() - interval '1 hour' then x end) as most,
    count(distinct x) filter (where ts > now() - interval '2 hours') as different,
    string_agg(x::text, ',' order by x, ts) filter (where ts > now() - interval '2 hours') as listed,
    (array_agg(x order by ts desc, x) filter (where ts < now()))[1] as latest,
    bool_or(ts > now()) as any_to_come
from hits group by k;
-- view: alive
select k, max(ts) as last_at, count(*) as n from hits group by k having max(ts) > now() - interval '1 hour' and count(*) > 1;
-- view: overall
select count(*) as n, coalesce(sum(x), 0) as total from hits where ts > now() - interval '1 hour';
-- view: by_age
select case when ts > now() - interval '1 hour' then 'new' else 'old' end as age, count(*) as n, max(x) as most from hits group by 1;
-- view: ages
select distinct ts > now() - interval '1 hour' as is_new, k from hits;
-- view: both
select k, x from hits where ts > now() - interval '1 hour' union all select k, -x from hits where ts > now() - interval '2 hours';
-- view: either
select k from hits where ts > now() - interval '1 hour' union select x from hits where ts < now() - interval '2 hours';
-- step: rows, some of them twice
select penstock.tick('2034-05-05 12:00Z');
insert into hits select i % 3, i % 7, timestamptz '2034-05-05 12:00Z' - i * interval '10 minutes' from generate_series(-6, 30) as i;
insert into hits select * from hits where k = 1;
insert into hits values (null, null, null), (null, null, null), (1, null, '2034-05-05 12:00Z'), (null, 5, '2034-05-05 11:30Z');
-- step: nothing leaves
select penstock.tick('2034-05-05 12:00:01Z');
-- step: half an hour
select penstock.tick('2034-05-05 12:30Z');
-- step: rows change and time passes, in one transaction
update hits set x = x + 1, ts = ts + interval '20 minutes' where k = 1;
select penstock.tick('2034-05-05 12:40Z');
delete from hits where x = 2;
-- step: an hour
select penstock.tick('2034-05-05 13:40Z');
-- step: all of it is old
select penstock.tick('2034-05-06 13:40Z');
-- step: new ones
insert into hits values (1, 1, '2034-05-06 13:00Z'), (2, 2, '2034-05-06 13:41Z');
select penstock.tick('2034-05-06 14:00:00Z');
-- step: and none
delete from hits;
select penstock.tick('2034-05-07 14:00:00Z');
