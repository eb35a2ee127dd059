{#- The landing table: messages as they came, one row per partition and offset. -#}
{% macro penstock_get_create_source_sql(relation, columns) -%}
    create table {{ relation }} (
        {%- for name, definition in columns.items() %}
        {{ adapter.quote(name) }} {{ definition }},
        {%- endfor %}
        primary key (kafka_partition, kafka_offset)
    )
{%- endmacro %}
