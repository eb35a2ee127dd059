-- story: two views of one table, joined
-- covers: diamond, cascade
-- tables
create table events (event_id int, person text, kind text, amount int);
-- view: visits
select person, count(*) as visits from events where kind = 'visit' group by person;
-- view: sales
select person, sum(amount) as amount, count(*) as sales from events where kind = 'sale' group by person;
-- view: people
select v.person, v.visits, s.amount from visits as v left join sales as s on s.person = v.person;
-- step: a visit and a sale in one statement
insert into events values (1, 'Ada', 'visit', null), (2, 'Ada', 'sale', 10), (3, 'Bob', 'visit', null);
-- expect: people
values ('Ada', 1::bigint, 10::bigint), ('Bob', 1, null);
-- step: the visit turns out a sale
update events set kind = 'sale', amount = 1 where event_id = 1;
-- expect: people
values ('Bob', 1::bigint, null::bigint);
-- step: everything trades places
update events set kind = case kind when 'sale' then 'visit' else 'sale' end;
-- step: person renamed
update events set person = 'Cy' where person = 'Ada';
-- step: gone
delete from events;
