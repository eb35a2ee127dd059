{#- Landed messages whose fields the connector has read into columns, as the staging model reads
    them: their place, time and payload, and a column for each field that has one.

    fields: the source's `extract`. Only our connector extracts; the other engines have no such
    rows, and read every field from the payload (landed_messages). -#}
{% macro extracted_messages(relation, fields) -%}
    {{ return(adapter.dispatch('extracted_messages', 'penstock')(relation, fields)) }}
{%- endmacro %}

{% macro default__extracted_messages(relation, fields) -%}
    select
        null::integer as kafka_partition,
        null::bigint as kafka_offset,
        null::timestamptz as kafka_timestamp,
        {%- for name, kind in penstock.extracted_columns(fields).items() %}
        null::{{ kind }} as {{ name }},
        {%- endfor %}
        null::jsonb as payload
    where false
{%- endmacro %}

{% macro penstock__extracted_messages(relation, fields) -%}
    select
        kafka_partition,
        kafka_offset,
        kafka_timestamp,
        {%- for name in penstock.extracted_columns(fields) %}
        {{ name }},
        {%- endfor %}
        payload
    from {{ relation }}
    where extracted = {{ penstock_extract_version(fields) }}
{%- endmacro %}

{#- The columns that fields have: an object is only looked at. -#}
{% macro extracted_columns(fields) -%}
    {%- set columns = {} -%}
    {%- for name, declared in fields.items() if not declared.endswith('::object') -%}
        {%- do columns.update({name: declared.split('::')[1] if '::' in declared else 'text'}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
