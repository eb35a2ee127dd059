-- story: row_number() = 1 keeps the first delivery, in any order of arrival
-- covers: row_number, top 1, CTE, keyless
-- tables
create table deliveries (message_id text, received_at timestamptz, part int, off int, body text);
-- view
with numbered as (
    select *, row_number() over (partition by message_id order by received_at, part, off) as delivery_number
    from deliveries
    where message_id is not null
)
select message_id, received_at, part, off, body from numbered where delivery_number = 1;
-- step: the later delivery lands first
insert into deliveries values ('m', '2026-01-02 00:00Z', 0, 2, 'second');
insert into deliveries values ('m', '2026-01-01 00:00Z', 0, 9, 'first');
-- expect
values ('m', '2026-01-01 00:00Z'::timestamptz, 0, 9, 'first');
-- step: several in one statement, ties by offset
insert into deliveries values ('n', '2026-01-01 00:00Z', 1, 2, 'x'), ('n', '2026-01-01 00:00Z', 1, 1, 'y'), (null, null, 1, 1, 'z');
-- step: the winner is taken back
delete from deliveries where body = 'first';
-- step: the winner changes its body only
update deliveries set body = 'changed' where body = 'second';
-- step: a message changes its name
update deliveries set message_id = 'n', part = 0 where message_id = 'm';
