-- story: the ways to compare a row with now()
-- covers: temporal filter, tick, between, date, month
-- tables
create table events (id int primary key, ts timestamptz, till timestamptz, on_day date, local timestamp, n int);
-- view: ages
select id from events where now() - ts < interval '36 hours' and till - current_timestamp >= interval '2 days';
-- view: shifted
select id from events where ts + interval '1 day 01:00' > now() and ts - interval '2 hours' <= transaction_timestamp();
-- view: spans
select id from events where now() between ts and till;
-- view: ranges
select id, n from events where ts between now() - interval '1 day' and now() + interval '1 day' or n = 7;
-- view: today
select id from events where on_day = (now() at time zone 'UTC')::date;
-- view: other_days
select id from events where on_day <> (current_timestamp at time zone 'Europe/Berlin')::date;
-- view: months
select id from events where ts >= now() - interval '1 month 1 day' + interval '1 hour';
-- view: local_time
select id from events where local + interval '1 month' > (now() at time zone 'UTC') - interval '1 day';
-- view: negated
select id from events where not (ts > now()) and (till > now()) is not true;
-- view: of_the_hour
select id from events where local >= date_trunc('hour', now() at time zone 'UTC');
-- step: rows around the clock
select penstock.tick('2032-03-01 12:00Z');
insert into events
select i, timestamptz '2032-03-01 12:00Z' + i * interval '7 hours', timestamptz '2032-03-01 12:00Z' + i * interval '11 hours',
    date '2032-03-01' + i / 3, timestamp '2032-03-01 12:00' + i * interval '20 minutes', i % 8
from generate_series(-20, 20) as i;
insert into events values (100, null, null, null, null, null), (101, '2100-01-01', '2100-01-01', 'infinity', 'infinity', 7);
-- step: an hour
select penstock.tick('2032-03-01 13:00Z');
-- step: the edge of a day, and of one in Berlin
select penstock.tick('2032-03-01 23:00Z');
-- step: a microsecond on
select penstock.tick('2032-03-01 23:00:00.000001Z');
-- step: midnight
select penstock.tick('2032-03-02 00:00Z');
-- step: summer time begins in Berlin, the shortest month has passed
select penstock.tick('2032-03-28 01:00Z');
update events set ts = ts + interval '27 days', till = till + interval '26 days', on_day = on_day + 26, local = local + interval '27 days';
-- step: the end of the month
select penstock.tick('2032-03-31 12:00Z');
-- step: far on
delete from events where id < -10;
select penstock.tick('2033-03-31 12:00Z');
