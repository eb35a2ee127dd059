-- story: a chain of left joins
-- covers: left join, n-way join
-- tables
create table events (event_id int primary key, device_id int);
create table devices (device_id int primary key, owner_id int);
create table owners (owner_id int, name text);
-- view
select e.event_id, d.owner_id, o.name
from events as e
left join devices as d on d.device_id = e.device_id
left join owners as o on o.owner_id = d.owner_id;
-- step: events before devices, devices before owners
insert into events values (1, 7), (2, 8), (3, null);
insert into devices values (7, 70);
insert into owners values (70, 'Ada'), (70, 'Eve');
-- expect
values (1, 70, 'Ada'), (1, 70, 'Eve'), (2, null, null), (3, null, null);
-- step: the device changes its owner to nobody
update devices set owner_id = 71;
-- expect
values (1, 71, null::text), (2, null, null), (3, null, null);
-- step: the device goes
delete from devices;
-- step: all at once
with d as (insert into devices values (7, 70), (8, 70) returning 1),
o as (delete from owners where name = 'Eve' returning 1)
insert into events values (4, 7), (5, 8);
-- expect
values (1, 70, 'Ada'), (2, 70, 'Ada'), (3, null, null), (4, 70, 'Ada'), (5, 70, 'Ada');
