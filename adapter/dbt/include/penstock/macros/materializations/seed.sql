{#- A seed built anew drops its table; where maintained views read it, it is renamed away, so that
    they are built anew on the new table before the old one goes. -#}
{% macro penstock__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {% if full_refresh and adapter.has_readers(old_relation) %}
        {%- set backup_relation = make_backup_relation(old_relation, old_relation.type) -%}
        {{ drop_relation_if_exists(load_cached_relation(backup_relation)) }}
        {{ adapter.rename_relation(old_relation, backup_relation) }}
        {% set sql = create_csv_table(model, agate_table) %}
        {% do adapter.rebuild_readers(old_relation) %}
        {{ adapter.drop_relation(backup_relation) }}
        {{ return(sql) }}
    {% else %}
        {{ return(default__reset_csv_table(model, full_refresh, old_relation, agate_table)) }}
    {% endif %}
{% endmacro %}
