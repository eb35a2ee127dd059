{#- Text of a JSON field: a string, or a number as its text; NULL for anything else.

    object: a jsonb expression. field: its key. -#}
{% macro json_text(object, field) -%}
    {{ return(adapter.dispatch('json_text', 'penstock')(object, field)) }}
{%- endmacro %}

{% macro default__json_text(object, field) -%}
    case
        when jsonb_typeof({{ object }} -> '{{ field }}') in ('string', 'number')
            then {{ object }} ->> '{{ field }}'
    end
{%- endmacro %}

{#- Whether a field is there and reads neither as text nor as nothing. -#}
{% macro json_not_text(object, field) -%}
    jsonb_typeof({{ object }} -> '{{ field }}') in ('object', 'array', 'boolean')
{%- endmacro %}
