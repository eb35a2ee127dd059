{#- Compare a column with the time, for a view that follows the time: docs/temporal.md.

    temporal_filter('expires_at', '>')                          not expired yet
    temporal_filter('created_at', '<=', '15 minutes')           at least 15 minutes old
    temporal_filter('starts_at', '<', '1 hour', ahead=true)     begins within the hour

    column: a timestamptz. operator: <, <=, > or >=. interval: constant, before now or ahead of it.
    A condition of its own, or one of several with AND: RisingWave and Materialize take no OR of
    two, and neither in FILTER; on PostgreSQL it may stand anywhere. -#}
{% macro temporal_filter(column, operator, interval=none, ahead=false) -%}
    {%- if operator not in ['<', '<=', '>', '>='] -%}
        {{ exceptions.raise_compiler_error(
            "temporal_filter: " ~ operator ~ " is no comparison with the time; write <, <=, > or >="
        ) }}
    {%- endif -%}
    {{ return(adapter.dispatch('temporal_filter', 'penstock')(column, operator, interval, ahead)) }}
{%- endmacro %}

{% macro default__temporal_filter(column, operator, interval=none, ahead=false) -%}
    {{ column }} {{ operator }} now()
    {%- if interval is not none %} {{ '+' if ahead else '-' }} interval '{{ interval }}'{% endif %}
{%- endmacro %}

{#- mz_now() stands alone: https://materialize.com/docs/sql/functions/now_and_mz_now/ -#}
{% macro materialize__temporal_filter(column, operator, interval=none, ahead=false) -%}
    mz_now() {{ {'<': '>', '<=': '>=', '>': '<', '>=': '<='}[operator] }} {{ column }}
    {%- if interval is not none %} {{ '-' if ahead else '+' }} interval '{{ interval }}'{% endif %}
{%- endmacro %}

{#- Of the last so much time: recent('occurred_at', '7 days'). -#}
{% macro recent(column, interval) -%}
    {{ penstock.temporal_filter(column, '>', interval) }}
{%- endmacro %}
