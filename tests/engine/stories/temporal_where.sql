-- story: rows of the last seven days
-- covers: temporal filter, tick, filter, null
-- tables
create table events (id int primary key, ts timestamptz, word text);
-- view
select id, word from events where ts > now() - interval '7 days';
-- step: before, on the edge, within, in the future, for ever, and no time at all
select penstock.tick('2030-01-10 00:00Z');
insert into events values
    (1, '2030-01-01', 'gone'), (2, '2030-01-03 00:00Z', 'on the edge'),
    (3, '2030-01-03 00:00:00.000001Z', 'within'), (4, '2030-01-20', 'to come'),
    (5, 'infinity', 'for ever'), (6, '-infinity', 'never'), (7, null, 'unknown');
-- expect
values (3, 'within'), (4, 'to come'), (5, 'for ever');
-- step: a microsecond later
select penstock.tick('2030-01-10 00:00:00.000001Z');
-- expect
values (4, 'to come'), (5, 'for ever');
-- step: time does not go back
select penstock.tick('2029-01-01 00:00Z');
insert into events values (8, '2030-01-02', 'late');
update events set word = word || '!' where id in (4, 8);
-- step: rows move in and out
update events set ts = ts + interval '7 days' where id in (1, 2, 3);
-- step: a tick in a transaction that writes before it and after it
insert into events values (9, '2030-01-14', 'nine');
select penstock.tick('2030-01-20 12:00Z');
insert into events values (10, '2030-01-14', 'ten');
delete from events where id = 3;
select penstock.tick('2030-01-21 12:00Z');
-- expect
values (4, 'to come!'), (5, 'for ever');
-- step: all gone
truncate events;
select penstock.tick('2030-01-22 12:00Z');
