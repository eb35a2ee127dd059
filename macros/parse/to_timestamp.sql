{#- ISO 8601 text as timestamptz, NULL where it is none. -#}
{% macro to_timestamp(value) -%}
    {{ return(adapter.dispatch('to_timestamp', 'penstock')(value)) }}
{%- endmacro %}

{% macro default__to_timestamp(value) -%}
    penstock.to_timestamptz({{ value }})
{%- endmacro %}
