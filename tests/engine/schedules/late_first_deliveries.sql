-- schedule: late writers deliver the same messages, and one takes its own back
-- covers: row_number, distinct, cascade
-- allows: 40P01
-- tables
create table deliveries (message_id text not null, received_at int not null, off int not null);
-- view: events
select message_id, received_at, off
from (select *, row_number() over (partition by message_id order by received_at, off) as n from deliveries) as d where n = 1;
-- view: latest
select max(received_at) as latest, count(*) as events from events;
-- rows
insert into deliveries values ('m', 5, 5);
-- session: earlier, then gone again
set local penstock.late = 'on';
-- then
insert into deliveries values ('m', 1, 1), ('n', 1, 1), ('n', 2, 2);
-- then
delete from deliveries where received_at = 1 and message_id = 'm';
-- session: in between
set local penstock.late = 'on';
-- then
insert into deliveries values ('m', 3, 3), ('n', 0, 0), ('a', 1, 1);
