-- model: what a set gives, joined and counted; both sides of INTERSECT ALL
-- tables
create table events (event_id int primary key, tags text[]);
create table tags (tag text, label text);
-- view
select g.label, count(*) as uses from events as e cross join unnest(e.tags) as t (tag) join tags as g on g.tag = t.tag group by g.label
intersect all select label, 1 from tags
