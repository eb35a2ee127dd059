{#- A rename is half of dbt's swap: what read the old relation is built anew on the new one. -#}
{% macro penstock__rename_relation(from_relation, to_relation) -%}
    {% do adapter.before_rename(from_relation, to_relation) %}
    {{ default__rename_relation(from_relation, to_relation) }}
    {% do adapter.rebuild_readers(to_relation) %}
{%- endmacro %}
