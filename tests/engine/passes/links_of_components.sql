-- title: links from a table
-- query
with recursive edges as (
    select links.a, links.b from links
    union all
    select links.b as a, links.a as b from links
),
reach (node, component) as (
    select edges.a, edges.b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select reach.node, min(reach.component) as component from reach group by reach.node
-- becomes
select links.a as a, links.b as b from links
-- title: links from earlier CTEs stay with them
-- query
with recursive clean as (
    select l.a, l.b from raw_links as l where l.a <> 'bad'
),
edges as (
    select clean.a, clean.b from clean
    union all
    select clean.b as a, clean.a as b from clean
),
reach (node, component) as (
    select edges.a, edges.b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select reach.node, min(reach.component) as component from reach group by reach.node
-- becomes
with clean as (
    select l.a, l.b from raw_links as l where l.a <> 'bad'
)
select clean.a as a, clean.b as b from clean
-- title: links that go one way only are another question
-- query
with recursive edges as (
    select links.a, links.b from links
    union all
    select links.a, links.b from links
),
reach (node, component) as (
    select edges.a, edges.b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select reach.node, min(reach.component) as component from reach group by reach.node
-- unchanged
-- title: the largest node would be another component
-- query
with recursive edges as (
    select links.a, links.b from links
    union all
    select links.b as a, links.a as b from links
),
reach (node, component) as (
    select edges.a, edges.b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select reach.node, max(reach.component) as component from reach group by reach.node
-- unchanged
-- title: a filter on the way cuts paths
-- query
with recursive edges as (
    select links.a, links.b from links
    union all
    select links.b as a, links.a as b from links
),
reach (node, component) as (
    select edges.a, edges.b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component where edges.b <> 'x'
)
select reach.node, min(reach.component) as component from reach group by reach.node
-- unchanged
-- title: a filter on one direction
-- query
with recursive edges as (
    select links.a, links.b from links where links.a <> 'x'
    union all
    select links.b as a, links.a as b from links
),
reach (node, component) as (
    select edges.a, edges.b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select reach.node, min(reach.component) as component from reach group by reach.node
-- unchanged
-- title: union all would never end
-- query
with recursive edges as (
    select links.a, links.b from links
    union all
    select links.b as a, links.a as b from links
),
reach (node, component) as (
    select edges.a, edges.b from edges
    union all
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select reach.node, min(reach.component) as component from reach group by reach.node
-- unchanged
-- title: a filter at the end
-- query
with recursive edges as (
    select links.a, links.b from links
    union all
    select links.b as a, links.a as b from links
),
reach (node, component) as (
    select edges.a, edges.b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select reach.node, min(reach.component) as component from reach where reach.node <> 'x' group by reach.node
-- unchanged
-- title: having at the end
-- query
with recursive edges as (
    select links.a, links.b from links
    union all
    select links.b as a, links.a as b from links
),
reach (node, component) as (
    select edges.a, edges.b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select reach.node, min(reach.component) as component from reach group by reach.node having count(*) > 1
-- unchanged
-- title: a step with LIMIT
-- query
with recursive edges as (
    select links.a, links.b from links
    union all
    select links.b as a, links.a as b from links limit 5
),
reach (node, component) as (
    select edges.a, edges.b from edges
    union
    select reach.node, edges.b from reach join edges on edges.a = reach.component
)
select reach.node, min(reach.component) as component from reach group by reach.node
-- unchanged
-- title: no recursion
-- query
with edges as (select links.a, links.b from links) select edges.a, edges.b from edges
-- unchanged
