{#- Columns with types that can be written in SQL: information_schema says only ARRAY for text[]
    and USER-DEFINED for an enum, and does not know materialized views. Unit tests cast to them. -#}
{% macro penstock__get_columns_in_relation(relation) -%}
    {% call statement('get_columns_in_relation', fetch_result=True) %}
        select
            pg_attribute.attname as column_name,
            format_type(pg_attribute.atttypid, null) as data_type,
            information_schema._pg_char_max_length(
                pg_attribute.atttypid, pg_attribute.atttypmod
            ) as character_maximum_length,
            information_schema._pg_numeric_precision(
                pg_attribute.atttypid, pg_attribute.atttypmod
            ) as numeric_precision,
            information_schema._pg_numeric_scale(
                pg_attribute.atttypid, pg_attribute.atttypmod
            ) as numeric_scale
        from pg_catalog.pg_attribute
        join pg_catalog.pg_class on pg_class.oid = pg_attribute.attrelid
        join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
        where
            pg_class.relname = '{{ relation.identifier }}'
            {%- if relation.schema %}
            and pg_namespace.nspname = '{{ relation.schema }}'
            {%- else %}
            and pg_table_is_visible(pg_class.oid)
            {%- endif %}
            and pg_class.relkind in ('r', 'p', 'v', 'm', 'f')
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
        order by pg_attribute.attnum
    {% endcall %}
    {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{% endmacro %}
