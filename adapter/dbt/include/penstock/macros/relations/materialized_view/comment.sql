{#- The relation that users see of a maintained view is a view. -#}
{% macro penstock__alter_relation_comment(relation, comment) %}
    {%- if relation.is_materialized_view and adapter.is_maintained(relation) -%}
        comment on view {{ relation }} is {{ postgres_escape_comment(comment) }};
    {%- else -%}
        {{ postgres__alter_relation_comment(relation, comment) }}
    {%- endif -%}
{% endmacro %}
