-- story: frames of rows, of ranges and of groups, and what they leave out
-- covers: window, frames, exclude, filter
-- tables
create table readings (id int primary key, sensor int, at int, value int);
-- view
select id,
    sum(value) over (partition by sensor order by at, id rows between 1 preceding and 1 following) as three,
    sum(value) over (partition by sensor order by at range between 5 preceding and current row) as lately,
    count(*) over (partition by sensor order by at groups between 1 preceding and current row exclude current row) as others,
    max(value) over (partition by sensor order by at, id rows between unbounded preceding and 1 preceding) as record,
    count(*) filter (where value > 2) over (partition by sensor order by at, id) as high,
    array_agg(value) over (partition by sensor order by at, id rows 2 preceding exclude ties) as last_three,
    avg(value) over (partition by sensor) - value as off
from readings;
-- step: readings
insert into readings select i, i % 2, i / 3, i % 5 from generate_series(1, 12) as i;
insert into readings values (20, null, 1, null), (21, null, null, 4), (22, 1, null, null);
-- step: changes
update readings set value = value + 1 where id % 3 = 0;
update readings set at = 7, sensor = 1 where id = 4;
delete from readings where id in (5, 6);
