{#- The landing table: messages as they came, one row per partition and offset.

    Statistics serve readers alone, and not of whole messages: by default they are taken again
    whenever a tenth has come, a second of a core each time. -#}
{% macro penstock_get_create_source_sql(relation, columns) -%}
    create table {{ relation }} (
        {%- for name, definition in columns.items() %}
        {{ adapter.quote(name) }} {{ definition }},
        {%- endfor %}
        primary key (kafka_partition, kafka_offset)
    ) with (autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2);
    alter table {{ relation }} alter column payload set statistics 0
{%- endmacro %}
