-- story: components over links computed from events, then joined back
-- covers: components, distinct, cascade, CTE, diamond
-- tables
create table events (event_id int primary key, device text, person text);
-- view: known_links
select distinct device as a, coalesce(person, device) as b from events where device is not null;
-- view: graph
with recursive usable as (
    select l.a, l.b from known_links as l where l.a <> 'bad' and l.b is not null and l.a is not null
),
edges as (
    select a, b from usable
    union all
    select b as a, a as b from usable
),
reach (node, component) as (
    select a, b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select node, min(component) as component from reach group by node;
-- view: people
select g.component, count(*) as events, min(e.event_id) as first_event
from events as e join graph as g on g.node = e.device group by g.component;
-- step: two devices of one person, one of nobody
insert into events values (1, 'd1', 'p1'), (2, 'd2', 'p1'), (3, 'd3', null), (4, 'bad', 'p1'), (5, null, 'p9');
-- expect: people
values ('d1', 2::bigint, 1), ('d3', 1, 3);
-- step: the third device turns out hers
insert into events values (6, 'd3', 'p1');
-- expect: people
values ('d1', 4::bigint, 1);
-- step: the first event is taken back
delete from events where event_id = 1;
-- step: everything changes hands
update events set person = 'p' || event_id % 2 where device is not null;
-- step: nobody is left
delete from events where person is not null;
