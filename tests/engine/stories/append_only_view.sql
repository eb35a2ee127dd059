-- story: a view that is said to only grow: a promise that is broken costs time, not truth
-- covers: cascade, row_number, min/max, append-only
-- append only: firsts
-- tables
create table deliveries (message_id text, device text, off int primary key);
-- view: firsts
select distinct on (message_id) message_id, device, off from deliveries order by message_id, off;
-- view: devices
select device, count(*) as messages, min(off) as first_off, max(off) as last_off from firsts group by device;
-- step: as promised
insert into deliveries values ('m', 'a', 3), ('m', 'b', 4), ('n', 'a', 5);
-- step: an earlier delivery takes a row from its group
insert into deliveries values ('m', 'b', 1);
-- expect: devices
values ('a', 1::bigint, 5, 5), ('b', 1, 1, 1);
-- step: a first one leaves, and the next is found again
delete from deliveries where off in (1, 5);
-- expect: devices
values ('a', 1::bigint, 3, 3);
