-- story: what a set gives is joined with, looked for, and grouped again
-- covers: lateral, inner join, left join, exists, not exists, group by, distinct on, full join, held statements
-- tables
create table events (event_id int primary key, kind text, tags text[]);
create table tags (tag text, label text);
create table loose (kind text, ids int[]);
-- view: labelled
select e.event_id, t.tag, g.label from events as e cross join unnest(e.tags) as t (tag) join tags as g on g.tag = t.tag;
-- view: labelled_or_not
select e.event_id, t.tag, g.label from events as e cross join unnest(e.tags) as t (tag) left join tags as g on g.tag = t.tag and g.label <> e.kind;
-- view: known
select e.event_id, t.tag from events as e, unnest(e.tags) as t (tag) where exists (select from tags as g where g.tag = t.tag);
-- view: unknown
select l.kind, i.id from loose as l, unnest(l.ids) as i (id) where not exists (select from events as e where e.event_id = i.id);
-- view: reached
select i.id, e.kind, count(*) as n, max(l.kind) as most
from loose as l, unnest(l.ids) as i (id) left join events as e on e.event_id = i.id group by i.id, e.kind;
-- view: both
select a.event_id as a, b.event_id as b from (select event_id, unnest(tags) as tag from events) as a
join (select event_id, unnest(tags) as tag from events) as b on a.tag = b.tag and a.event_id < b.event_id;
-- view: newest
select distinct on (t.tag) t.tag, e.event_id from events as e, unnest(e.tags) as t (tag) order by t.tag, e.event_id desc;
-- view: loose_sets
select l.kind, i.id from loose as l left join lateral unnest(l.ids) as i (id) on i.id > 1;
-- view: sides
select e.event_id, q.label, q.id
from events as e cross join lateral (select g.label, i.id from tags as g, unnest(e.tags) as t (tag), unnest(array[e.event_id, null]) as i (id) where g.tag = t.tag) as q;
-- view: in_a_set
select g.tag, g.label from tags as g where g.tag in (select unnest(tags) from events) or g.label in (select unnest(tags) from events where kind = 'p');
-- view: joined_on_a_subquery
select e.event_id, l.kind from events as e join loose as l on e.event_id = (select max(i) from unnest(l.ids) as i where i < 9);
-- view: grouped_by_a_subquery
select (select count(*) from unnest(e.tags) as t where t = 'a') as many, max(e.event_id) as last from events as e group by 1;
-- view: ranked
select e.event_id, t.tag, row_number() over (partition by t.tag order by e.event_id, t.place) as n from events as e, unnest(e.tags) with ordinality as t (tag, place);
-- step: duplicates everywhere
insert into events values (1, 'p', array['a', 'b', 'a']), (2, 'q', array['a']), (3, null, null), (4, 'p', '{}');
insert into tags values ('a', 'A'), ('a', 'A'), ('b', 'p'), (null, 'none');
insert into loose values ('k', array[1, 1, 7, null]), ('k', array[1, 1, 7, null]), (null, '{}'), ('l', null);
-- expect: known
values (1, 'a'), (1, 'b'), (1, 'a'), (2, 'a');
-- step: both inputs in one statement
with t as (delete from tags where tag = 'a' returning 1), e as (update events set tags = tags || array['z', null] returning 1), l as (update loose set ids = ids || 4 returning 1)
insert into tags select 'z', 'Z' from t union all select 'b', 'B';
-- step: the other way
with e as (update events set event_id = event_id + 10, kind = 'B' where event_id in (3, 4) returning 1), l as (insert into loose values ('m', array[14, 15]), ('m', array[15]) returning 1)
update tags set tag = 'a' where tag = 'z';
-- step: one of two equal rows
delete from loose where ctid = (select min(ctid) from loose where kind = 'k');
-- step: emptied
delete from events;
-- step: and the rest
truncate tags, loose;
