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
