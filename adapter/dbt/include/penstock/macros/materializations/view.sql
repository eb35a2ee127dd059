{#- A plain view, left alone where it shows what its model says: its grants, comments and the views
    that others made on it stay. dbt's own builds it anew each time, and drops what stood on it. -#}
{% materialization view, adapter='penstock' %}

    {%- set existing_relation = load_cached_relation(this) -%}
    {#- A hook or a header before it may decide what the SELECT means. -#}
    {% if (
        existing_relation is none or not existing_relation.is_view or should_full_refresh()
        or pre_hooks or config.get('sql_header')
        or not adapter.is_shown(existing_relation, sql)
    ) %}
        {{ return(dbt.materialization_view_default()) }}
    {% endif %}

    {%- set target_relation = this.incorporate(type='view') -%}
    {% if config.get('contract').enforced %}
        {% do get_assert_columns_equivalent(sql) %}
    {% endif %}
    {% do store_raw_result(
        name='main', message='VIEW (unchanged)', code='VIEW', rows_affected=-1
    ) %}

    {% set should_revoke = should_revoke(existing_relation, full_refresh_mode=False) %}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke) %}
    {% do persist_docs(target_relation, model) %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}
