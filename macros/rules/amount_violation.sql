{#- invalid_<field> where an amount is no number, negative_<field> where it is below 0. -#}
{% macro amount_violation(object, field) -%}
    case
        when jsonb_typeof({{ object }} -> '{{ field }}') not in ('number', 'null')
            then 'invalid_{{ field }}'
        when {{ json_number(object, field) }} < 0 then 'negative_{{ field }}'
    end
{%- endmacro %}
