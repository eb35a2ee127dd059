-- story: a cascade of three views
-- covers: cascade, group by, top 1
-- tables
create table events (event_id int primary key, person text, day int, amount int);
-- view: by_day
select person, day, sum(amount) as amount from events group by person, day;
-- view: best_day
select distinct on (person) person, day, amount from by_day order by person, amount desc nulls last, day;
-- view: days
select day, count(*) as people, max(amount) as most from best_day group by day;
-- step: two days
insert into events values (1, 'Ada', 1, 10), (2, 'Ada', 2, 7), (3, 'Bob', 2, 1);
-- expect: best_day
values ('Ada', 1, 10::bigint), ('Bob', 2, 1);
-- expect: days
values (1, 1::bigint, 10::bigint), (2, 1, 1);
-- step: the second overtakes the first
insert into events values (4, 'Ada', 2, 5);
-- expect: days
values (2, 2::bigint, 12::bigint);
-- step: and falls back
delete from events where event_id = 4;
-- step: one day becomes NULL
update events set day = null where event_id = 2;
-- step: all amounts change
update events set amount = 10 - amount;
