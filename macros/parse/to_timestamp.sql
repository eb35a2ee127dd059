{#- ISO 8601 text as timestamptz, NULL where it is none. -#}
{% macro to_timestamp(value) -%}
    {{ return(adapter.dispatch('to_timestamp', 'penstock')(value)) }}
{%- endmacro %}

{% macro default__to_timestamp(value) -%}
    penstock.to_timestamptz({{ value }})
{%- endmacro %}

{#- A raising cast reads NULL inside its views. -#}
{% macro risingwave__to_timestamp(value) -%}
    ({{ value }})::timestamptz
{%- endmacro %}

{#- https://materialize.com/docs/sql/functions/pushdown/ -#}
{% macro materialize__to_timestamp(value) -%}
    try_parse_monotonic_iso8601_timestamp({{ value }}) at time zone 'UTC'
{%- endmacro %}
