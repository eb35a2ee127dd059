{#- The value of the row that stands first in an order, among rows that meet a condition.

    value, order_by, condition: SQL. order_by must be total, or the answer depends on arrival. -#}
{% macro first_value_by(value, order_by, condition) -%}
    {{ return(adapter.dispatch('first_value_by', 'penstock')(value, order_by, condition)) }}
{%- endmacro %}

{% macro default__first_value_by(value, order_by, condition) -%}
    (array_agg({{ value }} order by {{ order_by }}) filter (where {{ condition }}))[1]
{%- endmacro %}
