{#- A number of a JSON field as numeric; NULL for anything else. The cast stands behind its
    guard: every number that jsonb holds is a numeric. -#}
{% macro json_number(object, field) -%}
    case
        when jsonb_typeof({{ object }} -> '{{ field }}') = 'number'
            then ({{ object }} ->> '{{ field }}')::numeric
    end
{%- endmacro %}
