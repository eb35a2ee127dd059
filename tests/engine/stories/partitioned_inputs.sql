-- story: a partitioned table is an input like any other, whichever part of it is written
-- covers: partitioned table, partition, row movement, truncate, copy
-- random: rows find no partition for most values
-- tables
create table events (
    dropped int, id int, day int not null, kind text, amount numeric, primary key (day, id)
) partition by range (day);
alter table events drop column dropped;
create table events_1 partition of events for values from (0) to (10);
create table events_2 (amount numeric, gone text, kind text, day int not null, id int not null);
alter table events_2 drop column gone;
alter table events attach partition events_2 for values from (10) to (20);
create table events_3 partition of events for values from (20) to (30) partition by range (id);
create table events_3a partition of events_3 for values from (0) to (8);
create table events_3x partition of events_3 default;
create table events_other partition of events default;
create table kinds (kind text, label text);
insert into kinds values ('a', 'Alpha'), ('b', 'Beta');
insert into events values (1, 1, 'a', 1.5), (2, 11, 'b', 2), (3, 21, 'a', 3), (4, 99, null, 4);
-- view: by_kind
select kind, count(*) as events, sum(amount) as total, min(id) as first from events group by kind;
-- view: labelled
select e.day, e.id, e.amount, k.label from events as e left join kinds as k using (kind);
-- view: pairs
select a.id as a, b.id as b from events as a join events as b on a.kind = b.kind and a.id < b.id;
-- step: by way of the root, of a middle, and of leaves
insert into events values (5, 2, 'a', 1), (6, 12, 'a', 1), (7, 22, 'a', 1), (8, 100, 'z', 1);
insert into events_3 (id, day, kind, amount) values (9, 23, 'b', 7);
insert into events_2 (id, day, kind, amount) values (10, 13, 'b', 7.00);
insert into events_3a (id, day, kind, amount) values (6, 24, 'a', 7);
-- step: rows move between partitions
update events set day = day + 10 where day < 20;
update events_3 set id = id + 100 where id > 5;
-- step: updates in place, and of a leaf
update events set amount = amount + 1;
update events_2 set kind = 'c';
-- copy: events_1 (id,day,kind,amount)
20,3,a,1
21,4,b,2
-- step: several tables in one statement, one of them by its root and by a leaf
with k as (insert into kinds values ('c', 'Gamma') returning 1),
e as (insert into events_1 (id, day, kind, amount) values (30, 5, 'c', 1) returning 1),
f as (delete from events where id = 4 returning 1)
update events set kind = 'c' where id = 20;
-- step: upserts on both ways in
insert into events values (30, 5, 'c', 2), (31, 6, 'c', 2)
on conflict (day, id) do update set amount = events.amount + excluded.amount;
insert into events_1 (id, day, kind, amount) values (30, 5, 'c', 2), (32, 6, 'c', 2)
on conflict (day, id) do update set kind = 'b';
-- step: one leaf is emptied
truncate events_3a;
delete from only events_1 where id = 21;
delete from only events;
-- step: a whole branch, and another table
truncate events_3, kinds;
-- step: a partition comes empty and is filled
drop table events_other;
-- error: holds rows of maintained views and cannot be dropped
-- step: an empty partition comes, and is written both ways
create table events_4 partition of events for values from (40) to (50);
insert into events values (40, 41, 'a', 1);
insert into events_4 (id, day, kind, amount) values (41, 42, 'a', 2);
-- step: a partition comes with rows, with parts of its own
create table events_5 (kind text, day int not null, id int not null, amount numeric) partition by range (id);
create table events_5a partition of events_5 for values from (0) to (52);
create table events_5b partition of events_5 default;
insert into events_5 values ('a', 51, 50, 1), ('b', 51, 51, 1), (null, 52, 52, 5);
alter table events attach partition events_5 for values from (50) to (60);
insert into events values (53, 53, 'a', 1);
insert into events_5a (id, day, kind, amount) values (49, 54, 'a', 1);
-- step: a partition goes with its rows, and is nobody's then
alter table events detach partition events_5;
insert into events_5 values ('a', 51, 55, 1);
insert into events_5a values ('a', 51, 48, 1);
drop table events_5;
-- step: in one transaction with writes
insert into events values (60, 5, 'a', 1), (61, 45, 'b', 1);
alter table events detach partition events_4;
update events_4 set amount = 100;
insert into events values (62, 6, 'a', 1);
savepoint s;
alter table events attach partition events_4 for values from (40) to (50);
rollback to s;
insert into kinds values ('a', 'again');
alter table events attach partition events_4 for values from (40) to (50);
update events set amount = amount - 1;
-- step: everything goes
truncate events;
-- expect: by_kind
select null::text, 0::bigint, null::numeric, null::int where false;
