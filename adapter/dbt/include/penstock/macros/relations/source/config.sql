{#- What a source model's config asks for, checked.

    topic: required. format: json, the only one so far. include: which of partition, offset,
    timestamp, key, headers to keep beside the payload; all, unless told. Partition and offset
    are the landing table's key and always there. -#}
{% macro penstock_source_config() %}
    {%- set topic = config.get('topic') -%}
    {% if not topic %}
        {% do penstock_source_error(
            'no topic is configured', "set topic, as in config(materialized='source', topic='events')"
        ) %}
    {% endif %}
    {%- set format = config.get('format', 'json') | lower -%}
    {% if format != 'json' %}
        {% do penstock_source_error("format '" ~ format ~ "' cannot be read", 'use format: json') %}
    {% endif %}

    {%- set optional = penstock_optional_source_columns() -%}
    {%- set required = ['partition', 'offset'] -%}
    {%- set include = config.get('include') or required + optional.keys() | list -%}
    {% for name in include if name not in optional and name not in required %}
        {% do penstock_source_error(
            "include '" ~ name ~ "' is unknown",
            'use some of: ' ~ (required + optional.keys() | list) | join(', ')
        ) %}
    {% endfor %}

    {%- set columns = {'kafka_partition': 'integer not null', 'kafka_offset': 'bigint not null'} -%}
    {% for name, definition in optional.items() if name in include %}
        {% do columns.update({'kafka_' ~ name: definition}) %}
    {% endfor %}
    {% do columns.update({'payload': 'jsonb not null'}) %}

    {%- set options = {'include': include | list} -%}
    {% do options.update(config.get('source_options') or {}) %}
    {{ return({'topic': topic, 'format': format, 'columns': columns, 'options': options}) }}
{% endmacro %}


{#- What a message has beside its place and its payload, as columns of the landing table. -#}
{% macro penstock_optional_source_columns() %}
    {{ return({'timestamp': 'timestamptz not null', 'key': 'bytea', 'headers': 'jsonb'}) }}
{% endmacro %}


{% macro penstock_source_error(primary, hint) %}
    {% do exceptions.raise_compiler_error('source ' ~ model.name ~ ': ' ~ primary ~ '\nhint: ' ~ hint) %}
{% endmacro %}
