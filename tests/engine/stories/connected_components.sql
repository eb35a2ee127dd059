-- story: connected components: chain, merge, split, lone nodes
-- covers: components, merge, split
-- tables
create table links (a text not null, b text not null);
-- view
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
-- step: a chain, and a lone node
insert into links values ('b', 'c'), ('c', 'd'), ('z', 'z');
-- expect
values ('b', 'b'), ('c', 'b'), ('d', 'b'), ('z', 'z');
-- step: a smaller node joins, and two components merge
insert into links values ('a', 'd'), ('x', 'y');
insert into links values ('y', 'c');
-- expect
select v, 'a' from unnest('{a,b,c,d,x,y}'::text[]) as v union all values ('z', 'z');
-- step: a second way round
insert into links values ('a', 'y'), ('b', 'c');
-- step: one of two ways goes, nothing splits
delete from links where a = 'y';
-- step: the last way goes, and it splits
delete from links where a = 'a';
-- step: one of two copies goes
delete from links where ctid = (select min(ctid) from links where a = 'b');
-- step: the last link of nodes goes
delete from links where a in ('x', 'z');
-- step: links turn round and move
update links set a = b, b = a;
update links set b = 'q' where a = 'd';
-- step: all go
truncate links;
