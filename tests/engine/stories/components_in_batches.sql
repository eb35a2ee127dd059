-- story: many links in one statement, and two big components merge by one
-- covers: components, batch, fan-in, diamond
-- tables
create table links (a text not null, b text not null);
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
-- view: sizes
select component, count(*) as nodes from components group by component;
-- step: two chains, a fan and a diamond, all at once
insert into links
select 'm' || n, 'm' || n + 1 from generate_series(1, 40) as n
union all select 'p' || n, 'p' || n + 1 from generate_series(1, 40) as n
union all select 'fan', 'f' || n from generate_series(1, 20) as n
union all values ('d1', 'd2'), ('d1', 'd3'), ('d2', 'd4'), ('d3', 'd4');
-- expect: sizes
values ('m1', 41::bigint), ('p1', 41), ('f1', 21), ('d1', 4);
-- step: one link merges the chains, another the rest
insert into links values ('m41', 'p1');
insert into links values ('f7', 'd4'), ('p41', 'fan');
-- step: cut in the middle, and join again elsewhere, in one transaction
delete from links where a = 'm20'; insert into links values ('m1', 'p30');
-- step: links removed and added in one statement
with gone as (delete from links where a = 'fan' returning a, b) insert into links select b, b from gone where b > 'f2';
-- step: every other link goes
delete from links where a like '%2' or b like '%4';
