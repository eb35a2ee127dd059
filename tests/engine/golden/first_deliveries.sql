-- model: the first delivery of each message
-- tables
create table deliveries (message_id text not null, received_at timestamptz not null, part int, off int, primary key (part, off));
-- view
select message_id, received_at
from (
    select *, row_number() over (partition by message_id order by received_at, part, off) as number from deliveries
) as numbered
where number = 1
