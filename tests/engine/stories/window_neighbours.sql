-- story: the rows before and after, and the first, last and nth of a frame
-- covers: window, lag, lead, first_value, last_value, nth_value, frames
-- tables
create table visits (id int primary key, person int, at timestamp, page text, tags text[], doc jsonb);
-- view
select id, person, lag(page) over w as came_from, lead(page, 2, 'none') over w as goes_to,
    at - lag(at) over w as pause, first_value(page) over w as landed,
    last_value(tags) over (partition by person order by at, id rows between unbounded preceding and unbounded following) as last_tags,
    nth_value(doc, 2) over w as second, doc, tags
from visits
window w as (partition by person order by at, id);
-- step: three pages
insert into visits values
    (1, 1, '2026-01-01 10:00', 'home', '{a,null}', '{"x": 1.0}'), (2, 1, '2026-01-01 10:05', 'list', '{}', null),
    (3, 1, '2026-01-01 10:07', 'item', null, '{"x": 1.00}'), (4, 2, '2026-01-01 10:00', null, '{b}', '[]');
-- step: one in between
insert into visits values (5, 1, '2026-01-01 10:06', 'search', '{c}', '{"y": null}');
-- step: pages move in time, or to others
update visits set at = at + interval '1 hour' where id = 1;
update visits set person = 2 where id in (2, 3);
update visits set doc = '{"x": 1.0}' where id = 3;
-- step: the first leaves
delete from visits where id = 5;
