{#- The columns of a source that its landing table lacks; messages landed before have NULL there.

    What stands under the name and is no landing table is left alone, with an error. -#}
{% macro penstock_missing_source_columns(relation, source) %}
    {% if not relation.is_table %}
        {% do penstock_source_error(
            relation ~ ' exists and is no table', 'drop it, or give the model another alias'
        ) %}
    {% endif %}
    {%- set present = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
    {% for name in ['kafka_partition', 'kafka_offset', 'payload'] if name not in present %}
        {% do penstock_source_error(
            relation ~ ' exists and is no landing table: it has no column ' ~ name,
            'drop it, or give the model another alias'
        ) %}
    {% endfor %}
    {%- set missing = {} -%}
    {% for name, definition in source.columns.items() if name not in present %}
        {% do missing.update({name: definition | replace(' not null', '')}) %}
    {% endfor %}
    {{ return(missing) }}
{% endmacro %}


{% macro penstock_get_alter_source_sql(relation, columns) -%}
    alter table {{ relation }}
    {%- for name, definition in columns.items() %}
        add column {{ adapter.quote(name) }} {{ definition }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
