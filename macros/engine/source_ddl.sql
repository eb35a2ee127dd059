{#- What makes the landing table of a source, where the engine reads Kafka itself.

    On PostgreSQL `penstock connect` reads it, and the config above the call says all there is. -#}
{% macro source_ddl(topic) -%}
    {{ return(adapter.dispatch('source_ddl', 'penstock')(topic)) }}
{%- endmacro %}

{% macro default__source_ddl(topic) -%}
    select '{{ topic }}' as topic
{%- endmacro %}

{#- Bytes, for its JSON decoder drops what it cannot read; a table, for a source keeps nothing:
    https://docs.risingwave.com/sql/commands/sql-create-table -#}
{% macro risingwave__source_ddl(topic) -%}
    create table if not exists {{ this }} (data bytea)
    include partition as kafka_partition
    include offset as kafka_offset
    include timestamp as kafka_timestamp
    include key as kafka_key
    with (
        connector = 'kafka',
        topic = '{{ topic }}',
        properties.bootstrap.server = '{{ env_var("PENSTOCK_KAFKA_BOOTSTRAP", "localhost:9092") }}',
        scan.startup.mode = 'earliest'
    ) format plain encode bytes
{%- endmacro %}

{#- A message that is no JSON stops this source, and nothing in SQL can read past it:
    https://materialize.com/docs/sql/create-source/kafka/. dbt-materialize writes `create source`
    and the name before it. -#}
{% macro materialize__source_ddl(topic) -%}
    from kafka connection {{ var('kafka_connection', 'kafka_connection') }} (topic '{{ topic }}')
    format json
    include partition as kafka_partition, offset as kafka_offset, timestamp as kafka_timestamp
    envelope none
{%- endmacro %}
