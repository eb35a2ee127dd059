{#- Landed messages as the staging model reads them: place, time, and the payload as jsonb.

    fields: the source's `extract`. Where the connector has read them, the message is left to
    extracted_messages. -#}
{% macro landed_messages(relation, fields) -%}
    {{ return(adapter.dispatch('landed_messages', 'penstock')(relation, fields)) }}
{%- endmacro %}

{% macro default__landed_messages(relation, fields) -%}
    select
        kafka_partition,
        kafka_offset,
        kafka_timestamp,
        payload
    from {{ relation }}
{%- endmacro %}

{#- Another writer's rows, and those read under another declaration, have another number or none. -#}
{% macro penstock__landed_messages(relation, fields) -%}
    select
        kafka_partition,
        kafka_offset,
        kafka_timestamp,
        payload
    from {{ relation }}
    where extracted is distinct from {{ penstock_extract_version(fields) }}
{%- endmacro %}

{#- A raising expression reads NULL inside its views, so what is no JSON object is left out here
    and stays in the landing table: the dead letters of this engine. Partition and offset come as
    text: https://docs.risingwave.com/ingestion/include-clause -#}
{% macro risingwave__landed_messages(relation, fields) -%}
    select
        kafka_partition,
        kafka_offset,
        kafka_timestamp,
        payload
    from (
        select
            kafka_partition::int as kafka_partition,
            kafka_offset::bigint as kafka_offset,
            kafka_timestamp,
            convert_from(data, 'utf8')::jsonb as payload
        from {{ relation }}
    ) as read
    where jsonb_typeof(payload) = 'object'
{%- endmacro %}

{% macro materialize__landed_messages(relation, fields) -%}
    select
        kafka_partition,
        kafka_offset,
        kafka_timestamp at time zone 'UTC' as kafka_timestamp,
        data as payload
    from {{ relation }}
    where jsonb_typeof(data) = 'object'
{%- endmacro %}
