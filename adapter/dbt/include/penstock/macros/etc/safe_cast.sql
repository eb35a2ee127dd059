{#- A value of a unit test's fixture as its column's type; YAML lists are arrays, mappings jsonb. -#}
{% macro penstock__safe_cast(field, type) -%}
    {%- if field is mapping or (field is sequence and field is not string and type.startswith('json')) -%}
        cast({{ dbt.string_literal(dbt.escape_single_quotes(tojson(field))) }} as {{ type }})
    {%- elif field is sequence and field is not string -%}
        cast(array[
            {%- for item in field -%}
            {{ penstock_array_item(item) }}{{ ', ' if not loop.last }}
            {%- endfor -%}
        ] as {{ type }})
    {%- else -%}
        {{ default__safe_cast(field, type) }}
    {%- endif -%}
{%- endmacro %}


{% macro penstock_array_item(item) -%}
    {%- if item is none -%} null
    {%- elif item is string -%} {{ dbt.string_literal(dbt.escape_single_quotes(item)) }}
    {%- else -%} {{ item }}
    {%- endif -%}
{%- endmacro %}
