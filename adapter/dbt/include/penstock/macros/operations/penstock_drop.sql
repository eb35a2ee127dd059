{#- Drop a maintained view whose model is gone, with its state:

        dbt run-operation penstock_drop --args '{name: medians}'

    name: the view. schema: the target's, unless given. Refused while maintained views read it. -#}
{% macro penstock_drop(name, schema=none) %}
    {%- set relation = api.Relation.create(
        database=target.database,
        schema=schema if schema is not none else target.schema,
        identifier=name,
        type='materialized_view'
    ) -%}
    {% do adapter.drop_maintained(relation) %}
    {{ log('Dropped ' ~ relation, info=True) }}
{% endmacro %}
