-- tables
create table t (id int primary key, g int, x int, n numeric, f float8, b boolean, word text, at timestamptz, doc jsonb, tags text[]);
create table u (id int primary key, g int, y int);
create table k (g int, x int, word text);
create table links (a text not null, b text not null);
create view plain as select id, x * 2 as twice from t;
create materialized view native as select id from t;
create table parted (id int) partition by range (id);
create table parted_1 partition of parted for values from (0) to (5);
create table parted_other partition of parted default;
create table parent (id int);
create table child () inherits (parent);
create table guarded (id int);
alter table guarded enable row level security;
create aggregate product (int) (sfunc = int4mul, stype = int, initcond = 1);
-- upstream: by_group
select g, count(*) as n from t group by g
-- step: rows, with NULLs, equal keys and duplicates
insert into t select i, nullif(i % 4, 3), nullif(i % 5, 4), (i % 3)::numeric(10, 2) / 2, i / 8.0, i % 2 = 0, chr(97 + i % 3),
    now() - i * interval '5 hours', jsonb_build_object('list', jsonb_build_array(i % 3, null, 'a'), 'k', i % 2), array['p', null, 'p']
from generate_series(1, 10) as i;
insert into t (id) values (20), (21);
insert into u values (1, 0, 1), (2, 1, 2), (3, 1, 2), (4, null, 3), (5, 2, null), (6, 9, 4);
insert into k values (1, 1, 'a'), (1, 1, 'a'), (null, null, null), (0, 2, 'b'), (2, 3, 'c');
insert into parted select i from generate_series(1, 8) as i;
insert into parted_1 values (3);
insert into links values ('b', 'c'), ('c', 'd'), ('z', 'z'), ('x', 'y'), ('x', 'y');
-- step: keys and values move
update t set g = coalesce(g, 0) + 1, x = x + 1 where id % 3 = 0;
update u set g = 2, y = y + 1 where id in (2, 4);
update k set x = x + 1;
update links set b = 'a' where a = 'c';
update parted set id = id + 3 where id < 4;
-- step: the largest and the smallest leave
delete from t where id in (1, 4, 20);
delete from u where id in (1, 6);
delete from links where a = 'b';
delete from k where ctid = (select min(ctid) from k);
-- step: several tables in one statement
with a as (insert into u values (7, 1, 5), (8, null, 0) returning g), c as (update t set g = 1, b = not b, at = now() where id in (2, 5) returning id)
insert into k select 1, id, 'a' from c;
-- step: upserts
insert into t (id, g, x, word) values (2, 0, 0, 'z'), (30, 1, 1, 'y') on conflict (id) do update set g = excluded.g, word = excluded.word, n = 1.50;
-- step: a table is emptied
truncate u;
-- step: and filled again, with what it had and more
insert into u values (1, 0, 1), (2, 1, 2), (3, 1, 9);
-- step: all goes
truncate parted_other;
delete from t;
delete from k;
