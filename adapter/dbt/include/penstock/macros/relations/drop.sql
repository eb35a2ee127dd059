{#- Dropping a maintained view takes its state with it; dropping what one reads is refused. -#}
{% macro penstock__drop_relation(relation) -%}
    {% if adapter.is_maintained(relation) %}
        {% do adapter.drop_maintained(relation) %}
    {% else %}
        {% do adapter.refuse_drop(relation) %}
        {{ default__drop_relation(relation) }}
        {% do adapter.drop_unread() %}
    {% endif %}
{%- endmacro %}
