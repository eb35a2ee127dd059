{#- A view kept equal to its SELECT: every commit to what it reads is a commit to it.

    The compiler decides what there is to do (nothing, build, build anew and swap); all of it is
    the model's own transaction. There is no refresh. -#}
{% materialization materialized_view, adapter='penstock' %}

    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type=this.MaterializedView) -%}
    {%- set grant_config = config.get('grants') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% if config.get('contract').enforced %}
        {% do get_assert_columns_equivalent(sql) %}
    {% endif %}

    {%- set outcome = penstock_deploy(target_relation, existing_relation, sql, should_full_refresh()) -%}
    {% do store_raw_result(
        name='main', message='MAINTAINED (' ~ outcome ~ ')', code='MAINTAINED', rows_affected=-1
    ) %}

    {#- The view users read stays when its state is swapped, and its old grants with it. -#}
    {% set should_revoke = should_revoke(existing_relation, full_refresh_mode=False) %}
    {% do apply_grants(target_relation, grant_config, should_revoke=should_revoke) %}
    {% do persist_docs(target_relation, model) %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}
