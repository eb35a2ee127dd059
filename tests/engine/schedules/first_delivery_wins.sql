-- schedule: two sessions deliver the same message
-- covers: row_number, distinct, cascade
-- tables
create table deliveries (message_id text, received_at int, off int);
-- view: events
select message_id, received_at, off
from (select *, row_number() over (partition by message_id order by received_at, off) as n from deliveries) as d where n = 1;
-- view: latest
select max(received_at) as latest, count(*) as events from events;
-- rows
insert into deliveries values ('m', 5, 5);
-- session: earlier, then gone again
insert into deliveries values ('m', 1, 1), ('n', 1, 1);
-- then
delete from deliveries where received_at = 1 and message_id = 'm';
-- session: in between
insert into deliveries values ('m', 3, 3), ('n', 0, 0);
