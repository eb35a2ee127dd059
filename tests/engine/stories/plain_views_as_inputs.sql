-- story: plain views as inputs, one over the other
-- covers: plain view, inner join, union all
-- tables
create table events (event_id int primary key, kind text, person int, amount int);
create view sales as select event_id, person, amount as paid from events where kind = 'sale';
create view big_sales as select s.*, 'big'::text as size from sales as s where s.paid > 10;
create view everything as select person, paid from sales union all select person, 0 from events where kind = 'visit';
-- view: by_person
select person, count(*) as rows, sum(paid) as paid from everything group by person;
-- view: pairs
select b.event_id, e.kind, b.size from big_sales as b join events as e on e.person = b.person;
-- step: some of each
insert into events values (1, 'sale', 1, 11), (2, 'visit', 1, null), (3, 'sale', 2, 3);
-- expect: by_person
values (1, 2::bigint, 11::bigint), (2, 1, 3);
-- expect: pairs
values (1, 'sale', 'big'), (1, 'visit', 'big');
-- step: kinds change
update events set kind = 'sale', amount = coalesce(amount, 0) + 10;
-- step: people change
update events set person = 3 - person;
