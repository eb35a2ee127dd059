-- schedule: two links merge three components, and one splits
-- covers: components
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
-- rows
insert into links values ('a', 'b'), ('c', 'd'), ('e', 'f');
-- session: from the left
insert into links values ('b', 'c');
-- then
delete from links where a = 'a';
-- session: from the right
insert into links values ('d', 'e');
