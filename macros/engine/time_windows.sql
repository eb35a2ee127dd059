{#- Tumbling and hopping windows, counted from 1970-01-01 UTC on every engine.

    date_bin() is immutable, so PostgreSQL can index by it; it came with version 14. -#}

{#- The start of the window that a time is in: tumbling_window('occurred_at', '5 minutes'). -#}
{% macro tumbling_window(column, size) -%}
    {%- do penstock.seconds_of(size) -%}
    date_bin(interval '{{ size }}', {{ column }}, timestamptz '1970-01-01 00:00:00+00')
{%- endmacro %}

{#- A FROM item: a relation's rows, once for each hopping window that they are in, as window_start.

    A time is in size / hop windows; they start a hop apart, and those that start a whole size
    apart are tumbling windows. So it is that many tumbling windows side by side. -#}
{% macro hopping_windows(relation, column, size, hop) -%}
    {%- if penstock.seconds_of(size) % penstock.seconds_of(hop) -%}
        {{ exceptions.raise_compiler_error(
            "hopping_windows: " ~ size ~ " is not so many times " ~ hop
        ) }}
    {%- endif -%}
    {{ return(adapter.dispatch('hopping_windows', 'penstock')(relation, column, size, hop)) }}
{%- endmacro %}

{% macro default__hopping_windows(relation, column, size, hop) -%}
(
    {%- set seconds = penstock.seconds_of(hop) %}
    {%- for number in range(penstock.seconds_of(size) // seconds) %}
    {%- set offset = modules.datetime.timedelta(seconds=number * seconds) %}
    {%- set origin = modules.datetime.datetime(1970, 1, 1) + offset %}
    {{ 'union all' if not loop.first }}
    select
        *,
        date_bin(interval '{{ size }}', {{ column }}, timestamptz '{{ origin }}+00') as window_start
    from {{ relation }}
    {%- endfor %}
)
{%- endmacro %}

{#- https://docs.risingwave.com/processing/sql/time-windows -#}
{% macro risingwave__hopping_windows(relation, column, size, hop) -%}
hop({{ relation }}, {{ column }}, interval '{{ hop }}', interval '{{ size }}')
{%- endmacro %}

{#- '5 minutes' as 300. Months and years have no one length. -#}
{% macro seconds_of(period) -%}
    {%- set units = {'second': 1, 'minute': 60, 'hour': 3600, 'day': 86400, 'week': 604800} -%}
    {%- set words = period.split() -%}
    {%- set unit = words[-1] | trim('s') -%}
    {%- if words | length != 2 or unit not in units or not words[0].isdigit() or words[0] | int == 0 -%}
        {{ exceptions.raise_compiler_error(
            "a window's length is a number and a unit up to weeks, such as '5 minutes', not '" ~ period ~ "'"
        ) }}
    {%- endif -%}
    {{ return((words[0] | int) * units[unit]) }}
{%- endmacro %}
