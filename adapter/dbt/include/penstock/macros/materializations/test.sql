{#- A data test, and with store_failures_as: materialized_view a live one.

    Its failing rows are then a maintained view: every commit to what the test reads adds the rows
    that break it and takes away those that were mended, between runs of dbt too. The view holds
    them all; `limit` bounds what dbt counts. Other values are dbt's own business. -#}
{% materialization test, adapter='penstock' %}

    {% if config.get('store_failures_as') != 'materialized_view' %}
        {{ return(dbt.materialization_test_default()) }}
    {% endif %}

    {% do adapter.ensure_control_plane() %}
    {%- set target_relation = api.Relation.create(
        database=database, schema=schema, identifier=model['alias'], type='materialized_view'
    ) -%}
    {%- set existing_relation = adapter.get_relation(database, schema, model['alias']) -%}
    {% do penstock_deploy(target_relation, existing_relation, sql, false) %}
    {{ adapter.commit() }}

    {% call statement('main', fetch_result=True) -%}
        {{ get_test_sql(
            'select * from ' ~ target_relation, config.get('fail_calc'), config.get('warn_if'),
            config.get('error_if'), config.get('limit')
        ) }}
    {%- endcall %}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}
