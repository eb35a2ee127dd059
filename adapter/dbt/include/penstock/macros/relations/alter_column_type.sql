{#- dbt widens a column by a new one and drops the old with all that depends on it; maintained views
    that read the relation are built anew with the new type. -#}
{% macro penstock__alter_column_type(relation, column_name, new_column_type) -%}
    {{ default__alter_column_type(relation, column_name, new_column_type) }}
    {% do adapter.rebuild_readers(relation) %}
{%- endmacro %}
