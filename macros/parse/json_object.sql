{#- An object of a JSON field; NULL for anything else. -#}
{% macro json_object(object, field) -%}
    case when jsonb_typeof({{ object }} -> '{{ field }}') = 'object' then {{ object }} -> '{{ field }}' end
{%- endmacro %}

{#- Whether a field is there and is no object. -#}
{% macro json_not_object(object, field) -%}
    jsonb_typeof({{ object }} -> '{{ field }}') not in ('object', 'null')
{%- endmacro %}
