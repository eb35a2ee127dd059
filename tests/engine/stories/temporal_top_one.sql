-- story: the first row of a partition expires
-- covers: temporal filter, distinct on, row_number
-- tables
create table prices (id int primary key, item int, price numeric, valid_from timestamptz, valid_to timestamptz);
-- view: cheapest
select distinct on (item) item, id, price from prices where valid_from <= now() and now() < valid_to order by item, price, id;
-- view: latest
select item, price from (select *, row_number() over (partition by item order by valid_from desc, id) as n from prices where valid_from <= now()) as p where n = 1;
-- view: sorted_by_age
select distinct on (item) item, id from prices order by item, (valid_to > now()) desc, price, id;
-- view: shown
select c.item, c.price, l.price as latest from cheapest as c join latest as l on l.item = c.item;
-- step: prices
select penstock.tick('2036-01-01 00:00Z');
insert into prices select i, i % 3, (i * 37) % 11 + 0.50, timestamptz '2036-01-01' + (i - 6) * interval '1 hour', timestamptz '2036-01-01' + (i - 3) * interval '1 hour' from generate_series(0, 14) as i;
insert into prices values (50, 1, 0.01, null, null), (51, 2, 0.02, '-infinity', 'infinity'), (52, null, 3, '2035-01-01', '2036-01-01 02:00Z');
-- step: an hour on
select penstock.tick('2036-01-01 01:00Z');
-- step: two
select penstock.tick('2036-01-01 02:00Z');
-- step: the one for ever goes
delete from prices where id = 51;
select penstock.tick('2036-01-01 03:30Z');
-- step: changes
update prices set item = 1 - item where id in (9, 10);
update prices set price = price / 2 where id = 11;
-- step: later
select penstock.tick('2036-01-01 07:00Z');
-- step: the end
select penstock.tick('2036-01-02 07:00Z');
