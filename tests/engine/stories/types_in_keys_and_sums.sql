-- story: ranges, intervals, domains over composites, -0 and infinities, as keys, sums and rows
-- covers: range, multirange, interval, domain over composite, float, infinity, generated column, identity
-- requires: postgres 14
-- random: literals of these types are not made at random
-- tables
create type point3 as (x int, y numeric, label text);
create domain spot as point3 check ((value).x is null or (value).x >= 0);
create domain short as varchar(5);
create table stays (
    id int generated always as identity,
    room int, during int4range, closed int4multirange, pause interval, place spot, code short,
    temperature float8, at timestamptz, on_day date,
    nights int generated always as (upper(during) - lower(during)) stored
);
create table rooms (room int, during int4range, place spot, pause interval, price numeric);
-- view: by_range
select during, count(*) as n, sum(pause) as paused, max(pause) as longest, sum(nights) as nights,
    count(place) as places, count(*) filter (where place is null) as nowhere
from stays group by during;
-- view: by_interval
select extract(epoch from pause) as seconds, count(*) as n, min(at) as first, max(on_day) as last
from stays group by extract(epoch from pause);
-- view: by_place
select place, code, count(*) as n, avg(pause) as paused from stays group by place, code;
-- view: temperatures
    -- Adding zero gives 0 and -0, which are equal, one look.
select temperature + 0 as temperature, count(*) as n, sum(temperature) as total from stays group by temperature + 0;
-- view: times
select at, on_day, count(*) as n, max(temperature) as warmest from stays group by at, on_day;
-- view: together
select s.id, s.nights, r.price, s.closed, (s.place).label as label
from stays as s join rooms as r on r.during = s.during;
-- view: overlapping
select s.id, r.price from stays as s join rooms as r on r.room = s.room where r.during && s.during;
-- view: where
select s.id, r.price, r.pause from stays as s left join rooms as r on r.place = s.place and r.pause = s.pause;
-- view: closings
select distinct closed, place from stays;
-- step: equal values that look different
insert into stays (room, during, closed, pause, place, code, temperature, at, on_day) values
    (1, '[1,4)', '{[1,2),[3,4)}', '1 day', '(1,1.0,a)', 'a', 0, 'infinity', 'infinity'),
    (1, '[1,3]', '{[1,2),[3,4)}', '24 hours', '(1,1.0,a)', 'a', '-0', '-infinity', '-infinity'),
    (2, 'empty', '{}', '1 mon', null, null, 'NaN', '2020-01-01 00:00+02', '2020-01-01'),
    (2, null, null, '30 days', '(,,)', '', '-infinity', '2019-12-31 22:00Z', null),
    (3, '(,5)', '{(,)}', '-1 mon +30 days', '(,,)', 'abcde', 'infinity', null, '0044-03-15 BC');
insert into rooms values
    (1, '[1,4)', '(1,1.000,a)', '1 day', 10), (2, 'empty', null, '30 days', 20.0),
    (3, '(,)', '(,,)', '1 mon', 30.00), (2, null, '(,,)', '720:00:00', null);
-- step: from one spelling to the other
update stays set pause = '1 day' where pause = '24 hours' and temperature = 0;
update stays set place = '(1,2,a)', temperature = '-0' where room = 1;
update rooms set pause = '1 mon', place = '(1,1.0,a)' where price = 10;
-- step: the first of the equal ones goes
delete from stays where id = 1;
update stays set during = int4range(1, 9), closed = closed + '{[7,8)}' where room = 1;
-- step: sums of intervals lose a term
insert into stays (room, during, pause) values (4, '[1,9)', '1 mon 3 days 4 hours'), (4, '[1,9)', '-2 days'), (4, '[1,9)', null);
delete from stays where pause = '-2 days';
-- step: generated columns follow, identities are given
update stays set during = int4range(lower(during), upper(during) + 1) where nights > 3;
insert into stays (id, room) overriding system value values (100, 3);
-- step: all goes
delete from stays;
