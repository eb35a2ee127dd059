-- story: the most recent value wins, and gives way when it is taken back
-- covers: arg-max, FILTER, retraction
-- tables
create table events (event_id int primary key, person int, at int, email text);
-- view
select
    person,
    (array_agg(email order by at desc, event_id desc) filter (where email is not null))[1] as email,
    (array_agg(event_id order by at, event_id))[1] as first_event,
    count(*) as events
from events group by person;
-- step: none has an email
insert into events values (1, 1, 10, null), (2, 2, 10, null);
-- expect
values (1, null::text, 1, 1::bigint), (2, null, 2, 1);
-- step: an older and a newer, late one last
insert into events values (3, 1, 30, 'new@x'), (4, 1, 20, 'old@x');
-- step: the newest is taken back
delete from events where event_id = 3;
-- expect
values (1, 'old@x', 1, 2::bigint), (2, null, 2, 1);
-- step: times change, and a tie
update events set at = 30;
insert into events values (5, 1, 30, 'tie@x');
-- step: the last email goes
update events set email = null;
