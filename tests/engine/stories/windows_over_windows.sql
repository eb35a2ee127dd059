-- story: windows over windows in CTEs: islands of consecutive days, sessions after a pause
-- covers: window, CTE, gaps and islands, keyless
-- tables
create table logins (person int, day int);
-- view: islands
with days as (select distinct person, day from logins),
grouped as (select person, day, day - row_number() over (partition by person order by day) as island from days)
select person, island, min(day) as first_day, count(*) as days from grouped group by person, island;
-- view: told
with paused as (select person, day, (day - lag(day) over (partition by person order by day) > 2)::int as is_new from logins),
sessions as (select person, day, sum(coalesce(is_new, 0)) over (partition by person order by day) as session from paused)
select person, session, day, first_value(day) over (partition by person, session order by day) as began from sessions;
-- step: logins
insert into logins values (1, 1), (1, 2), (1, 3), (1, 7), (2, 1), (2, 1), (null, 4);
-- step: the gap closes
insert into logins values (1, 4), (1, 5), (1, 6);
-- step: it opens again, and one of two equal rows goes
delete from logins where person = 1 and day = 5;
delete from logins where ctid = (select min(ctid) from logins where person = 2);
-- step: person changes
update logins set person = 2 where person = 1 and day > 5;
