{#- The value of the first row by some columns, which make a total order. -#}
{% macro earliest_value(value, by) -%}
    {{ return(adapter.dispatch('earliest_value', 'penstock')(value, by)) }}
{%- endmacro %}

{% macro default__earliest_value(value, by) -%}
    (array_agg({{ value }} order by {{ by | join(', ') }}))[1]
{%- endmacro %}

{#- https://docs.risingwave.com/sql/functions/aggregate#first_value -#}
{% macro risingwave__earliest_value(value, by) -%}
    first_value({{ value }} order by {{ by | join(', ') }})
{%- endmacro %}
