-- story: over an append-only input the first delivery stays without looking again
-- covers: row_number, append-only
-- append only: deliveries
-- tables
create table deliveries (message_id text, received_at int, off int primary key, body text);
-- view
select message_id, received_at, off, body
from (
    select *, row_number() over (partition by message_id order by received_at nulls first, off) as n from deliveries
) as numbered
where n <= 1;
-- step: late one first
insert into deliveries values ('m', 2, 1, 'late'), ('n', null, 2, 'unknown');
insert into deliveries values ('m', 1, 3, 'early'), ('n', 1, 4, 'known'), (null, 1, 5, 'nobody');
-- expect
values ('m', 1, 3, 'early'), ('n', null, 2, 'unknown'), (null, 1, 5, 'nobody');
-- step: a tie keeps the lower offset
insert into deliveries values ('m', 1, 0, 'same time');
