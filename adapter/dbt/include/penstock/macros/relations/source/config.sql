{#- What a source model's config asks for, checked.

    topic: required. format: json, the only one so far. include: which of partition, offset,
    timestamp, key, headers to keep beside the payload; all, unless told. Partition and offset
    are the landing table's key and always there. extract: fields of the payload that the
    connector reads into columns of their own, column -> 'path[::type]' (docs/connector.md). -#}
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
    {%- set extract = config.get('extract') or {} -%}
    {% if extract and extract is not mapping %}
        {% do penstock_source_error(
            'extract is no mapping of columns to paths', "write extract={'user_id': 'userId'}"
        ) %}
    {% endif %}
    {% if extract %}
        {% do columns.update(penstock_extracted_columns(extract, columns)) %}
        {% do options.update({
            'extract': extract, 'extract_version': penstock_extract_version(extract)
        }) %}
    {% endif %}
    {% do options.update(config.get('source_options') or {}) %}
    {{ return({'topic': topic, 'format': format, 'columns': columns, 'options': options}) }}
{% endmacro %}


{#- What a message has beside its place and its payload, as columns of the landing table. -#}
{% macro penstock_optional_source_columns() %}
    {{ return({'timestamp': 'timestamptz not null', 'key': 'bytea', 'headers': 'jsonb'}) }}
{% endmacro %}


{#- The columns of extracted fields. `extracted` holds the version of the declaration that a row
    was read under, NULL where its fields were not read: by another writer, or not plainly. -#}
{% macro penstock_extracted_columns(extract, taken) %}
    {%- set types = {'text': 'text', 'timestamptz': 'timestamptz'} -%}
    {%- set columns = {'extracted': 'integer'} -%}
    {% for name, declared in extract.items() %}
        {%- set path, kind = (declared ~ '::text').split('::')[:2] -%}
        {% if kind not in ['text', 'timestamptz', 'object'] or '' in path.split('.') %}
            {% do penstock_source_error(
                "extract: " ~ name ~ " is declared as '" ~ declared ~ "'",
                "write a path and a type of text, timestamptz, object: 'context.traits.email::text'"
            ) %}
        {% elif '.' in path and kind != 'text' %}
            {% do penstock_source_error(
                "extract: " ~ name ~ " is declared as '" ~ declared ~ "', inside an object",
                'inside objects only text is read; read the rest from the payload'
            ) %}
        {% elif not modules.re.fullmatch('[a-z_][a-z0-9_]*', name) %}
            {% do penstock_source_error(
                "extract: '" ~ name ~ "' is no plain column name", 'use lower case, digits and _'
            ) %}
        {% elif name in taken or name == 'extracted' %}
            {% do penstock_source_error(
                'extract: the column ' ~ name ~ ' is there already', 'give it another name'
            ) %}
        {% elif kind in types %}
            {% do columns.update({name: types[kind]}) %}
        {% endif %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}


{#- A number for a declaration: rows read under another one are read from their payload. -#}
{% macro penstock_extract_version(extract) %}
    {%- set declared = [] -%}
    {% for name in extract | list | sort %}{% do declared.append(name ~ '=' ~ extract[name]) %}{% endfor %}
    {{ return(penstock_hash_number(declared | join(','))) }}
{% endmacro %}


{% macro penstock_hash_number(text) %}
    {{ return(local_md5(text)[:7] | int(base=16)) }}
{% endmacro %}


{% macro penstock_source_error(primary, hint) %}
    {% do exceptions.raise_compiler_error('source ' ~ model.name ~ ': ' ~ primary ~ '\nhint: ' ~ hint) %}
{% endmacro %}
