-- schedule: a late writer beside one that deletes what it meets, and delivers the same
-- covers: row_number, join, cascade
-- allows: 40P01
-- tables
create table deliveries (message_id text not null, received_at int not null, person text not null);
create table people (person text, name text);
-- view: events
select distinct on (message_id) message_id, received_at, person from deliveries order by message_id, received_at, person;
-- view: by_name
select p.name, count(*) as events, max(e.received_at) as latest from events as e join people as p on p.person = e.person group by p.name;
-- rows
insert into people values ('a', 'Ada'), ('b', 'Bob'); insert into deliveries values ('m', 5, 'a'), ('o', 5, 'b');
-- session: late
set local penstock.late = 'on';
-- then
insert into deliveries values ('m', 6, 'b'), ('n', 1, 'a'), ('o', 4, 'a');
-- then
insert into people values ('b', 'Bert');
-- session: deletes
delete from deliveries where received_at = 5;
-- then
insert into deliveries values ('n', 0, 'b');
