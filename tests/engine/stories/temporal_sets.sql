-- story: set-returning functions, set operations and grouping sets over what expires
-- covers: temporal filter, unnest, values, intersect, except, grouping sets, date_trunc
-- tables
create table posts (id int primary key, tags text[], until timestamptz[], ts timestamptz);
create table views (post int, at timestamptz);
-- view: tags
select id, tag from posts, unnest(tags) as t(tag) where ts > now() - interval '1 day';
-- view: tag_counts
select tag, count(*) as n, max(ts) as last_at from posts cross join unnest(tags) as t(tag) where ts > now() - interval '1 day' group by tag;
-- view: open_ends
select id, e from posts, unnest(until) as u(e) where e > now();
-- view: open_counts
select id, count(*) filter (where e > now()) as open, count(*) as n from posts, unnest(until) as u(e) group by id;
-- view: seen
select id from posts where ts > now() - interval '1 day' intersect select post from views where at > now() - interval '1 hour';
-- view: unseen
select id from posts where ts > now() - interval '1 day' except all select post from views where at > now() - interval '1 hour';
-- view: cubes
select ts > now() - interval '1 day' as is_new, cardinality(tags) as n, count(*) as posts from posts group by cube (1, 2);
-- view: by_day
select date_trunc('day', at, 'Europe/Berlin') as on_day, count(*) as n from views where at > now() - interval '36 hours' group by 1;
-- view: labels
select p.id, v.label from posts as p join (values (1, 'one'), (2, 'two')) as v(id, label) on v.id = p.id where p.ts > now() - interval '1 day';
-- step: posts
select penstock.tick('2039-03-27 12:00Z');
insert into posts select i, array['a', 'b', 'a', null, 'c']::text[], array[timestamptz '2039-03-27 12:00Z' + i * interval '1 hour', timestamptz '2039-03-27 12:00Z' - i * interval '20 minutes', null],
    timestamptz '2039-03-27 12:00Z' - i * interval '3 hours' from generate_series(-1, 9) as i;
update posts set tags = array['b'] where id % 2 = 0;
insert into views select i % 5, timestamptz '2039-03-27 12:00Z' - i * interval '13 minutes' from generate_series(-3, 20) as i;
insert into posts values (50, null, null, null), (51, '{}', '{}', '2039-03-27 11:00Z');
-- step: an hour
select penstock.tick('2039-03-27 13:00Z');
-- step: writes
update posts set tags = tags || '{z}' where id < 3;
delete from views where post = 1;
select penstock.tick('2039-03-27 13:30Z');
-- step: a day
select penstock.tick('2039-03-28 13:30Z');
-- step: more
insert into views values (7, '2039-03-28 13:00Z'), (7, '2039-03-28 13:00Z');
insert into posts values (7, '{a}', '{2039-03-28 14:00Z}', '2039-03-28 13:00Z') on conflict (id) do update set ts = excluded.ts, until = excluded.until;
-- step: later
select penstock.tick('2039-03-28 14:00Z');
-- step: the end
select penstock.tick('2040-03-28 14:00Z');
