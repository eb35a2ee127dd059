{#- Connected components of links (a, b): node -> the smallest node it is linked with.

    links: a relation of two text columns a and b, never null; a = b for a lone node. -#}
{% macro connected_components(links) -%}
    {{ return(adapter.dispatch('connected_components', 'penstock')(links)) }}
{%- endmacro %}

{% macro default__connected_components(links) -%}
with recursive edges as (

    select
        a,
        b
    from {{ links }}
    union all
    select
        b as a,
        a as b
    from {{ links }}

),

reach (node, component) as (

    select
        a,
        b
    from edges
    union
    select
        reach.node,
        edges.b
    from reach
    join edges on edges.a = reach.component

)

select
    node,
    min(component) as component
from reach
group by node
{%- endmacro %}

{#- No recursion here (https://github.com/risingwavelabs/risingwave/issues/15135): label propagation
    unrolled, each round the neighbours' smallest label and then a jump along the labels. A path of
    2 ^ rounds links converges for certain; int_identity_unconverged shows what did not. -#}
{% macro risingwave__connected_components(links) -%}
with edges as (

    select
        a,
        b
    from {{ links }}
    union all
    select
        b as a,
        a as b
    from {{ links }}
    where a <> b
    union all
    select distinct
        node as a,
        node as b
    from (
        select a as node from {{ links }}
        union all
        select b as node from {{ links }}
    ) as nodes

),

labels_0 as (

    select
        a as node,
        min(b) as component
    from edges
    group by a

),
{% for round in range(1, var('component_rounds', 3) + 1) %}
neighbours_{{ round }} as (

    select
        edges.a as node,
        min(labels.component) as component
    from edges
    inner join labels_{{ round - 1 }} as labels on edges.b = labels.node
    group by edges.a

),

labels_{{ round }} as (

    select
        mine.node,
        least(mine.component, theirs.component) as component
    from neighbours_{{ round }} as mine
    inner join neighbours_{{ round }} as theirs on mine.component = theirs.node

){{ ',' if not loop.last }}
{% endfor %}
select
    node,
    component
from labels_{{ var('component_rounds', 3) }}
{%- endmacro %}

{#- https://materialize.com/docs/sql/select/recursive-ctes/ -#}
{% macro materialize__connected_components(links) -%}
with mutually recursive
edges (a text, b text) as (

    select
        a,
        b
    from {{ links }}
    union all
    select
        b as a,
        a as b
    from {{ links }}

),

labels (node text, component text) as (

    select
        node,
        min(component) as component
    from (
        select
            a as node,
            least(a, b) as component
        from edges
        union all
        select
            edges.a as node,
            labels.component
        from edges
        inner join labels on edges.b = labels.node
    ) as candidates
    group by node

)

select
    node,
    component
from labels
{%- endmacro %}
