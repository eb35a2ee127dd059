-- story: from events over links and components to profiles
-- covers: components, distinct, union all, cascade, diamond, arg-max, left join
-- tables
create table events (id int primary key, at int, device text, person text, email text, amount numeric);
-- view: seen
select node, min(at) as first_at, max(at) as last_at from (
    select 'd:' || device as node, at from events where device is not null
    union all select 'p:' || person, at from events where person is not null
) as nodes group by node;
-- view: links
select distinct least(a, b) as a, greatest(a, b) as b from (
    select 'd:' || device as a, coalesce('p:' || person, 'd:' || device) as b from events where device is not null
    union all select 'p:' || person, 'p:' || person from events where person is not null
) as pairs;
-- view: components
with recursive edges as (
    select a, b from links
    union all
    select b as a, a as b from links
),
reach (node, component) as (
    select a, b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select node, min(component) as component from reach group by node;
-- view: keys
select c.component, (array_agg(s.node order by s.first_at, s.node))[1] as profile_id, count(*) filter (where s.node like 'd:%') as devices
from components as c join seen as s on s.node = c.node group by c.component;
-- view: totals
select c.component, count(*) as events, sum(e.amount) filter (where e.amount > 0) as revenue, min(e.at) as first_at,
    (array_agg(e.email order by e.at desc, e.id desc) filter (where e.email is not null))[1] as email
from events as e join components as c on c.node = coalesce('p:' || e.person, 'd:' || e.device) group by c.component;
-- view: profiles
select k.profile_id, k.devices, t.events, t.revenue, t.email, t.first_at from keys as k join totals as t on t.component = k.component;
-- view: identifiers
select s.node, k.profile_id, s.first_at, s.last_at from seen as s join components as c on c.node = s.node join keys as k on k.component = c.component;
-- step: two devices, apart
insert into events values (1, 10, 'x', null, null, null), (2, 20, 'y', null, 'y@x', 5);
-- expect: profiles
values ('d:x', 1::bigint, 1::bigint, null::numeric, null, 10), ('d:y', 1, 1, 5, 'y@x', 20);
-- step: one person on both: a merge
insert into events values (3, 30, 'x', 'ada', 'ada@x', 1.50), (4, 40, 'y', 'ada', null, -1);
-- expect: profiles
values ('d:x', 2::bigint, 4::bigint, 6.50, 'ada@x', 10);
-- step: another person, and a late early event
insert into events values (5, 1, 'z', 'bob', null, 2), (6, 5, 'y', null, 'first@x', null);
-- step: they turn out the same
insert into events values (7, 50, 'z', 'ada', null, null);
-- step: and are taken apart again
delete from events where id in (7, 4);
-- step: everything moves
update events set person = case when id % 2 = 0 then 'eve' end, at = 100 - at;
-- step: gone
delete from events where id < 4;
truncate events;
