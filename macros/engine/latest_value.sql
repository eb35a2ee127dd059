{#- The value of the last row by some columns, among rows that meet a condition.

    value, condition: SQL. by: columns that make a total order, or the answer depends on arrival. -#}
{% macro latest_value(value, by, condition) -%}
    {{ return(adapter.dispatch('latest_value', 'penstock')(value, by, condition)) }}
{%- endmacro %}

{% macro default__latest_value(value, by, condition) -%}
    (array_agg({{ value }} order by {{ by | join(' desc, ') }} desc) filter (where {{ condition }}))[1]
{%- endmacro %}

{#- https://docs.risingwave.com/sql/functions/aggregate#last_value -#}
{% macro risingwave__latest_value(value, by, condition) -%}
    last_value({{ value }} order by {{ by | join(', ') }}) filter (where {{ condition }})
{%- endmacro %}
