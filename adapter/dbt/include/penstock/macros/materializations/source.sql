{#- A topic and the landing table its messages are kept in, as they came.

    The model's body is for engines that read Kafka themselves; here a connector does, and the
    config says all there is: topic, format, include. Landed rows are never dropped: not by
    --full-refresh, and not by a config that asks for less. -#}
{% materialization source, adapter='penstock' %}

    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set grant_config = config.get('grants') -%}
    {%- set source = penstock_source_config() -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% if existing_relation is none %}
        {% call statement('create_landing_table') -%}
            {{ penstock_get_create_source_sql(target_relation, source.columns) }}
        {%- endcall %}
        {% set outcome = 'created' %}
    {% else %}
        {% set missing = penstock_missing_source_columns(existing_relation, source) %}
        {% if missing %}
            {% call statement('alter_landing_table') -%}
                {{ penstock_get_alter_source_sql(target_relation, missing) }}
            {%- endcall %}
        {% endif %}
        {% set outcome = 'altered' if missing else 'unchanged' %}
    {% endif %}

    {% set subscribed = adapter.subscribe(
        target_relation, source.topic, source.format, source.options
    ) %}
    {% if outcome == 'unchanged' and subscribed %}
        {% set outcome = 'subscription changed' %}
    {% elif outcome == 'unchanged' and should_full_refresh() %}
        {% set outcome = 'unchanged, landed rows kept' %}
    {% endif %}
    {% do store_raw_result(
        name='main', message='SUBSCRIBED (' ~ outcome ~ ')', code='SUBSCRIBED', rows_affected=-1
    ) %}

    {% do create_indexes(target_relation) if existing_relation is none %}
    {% set should_revoke = should_revoke(existing_relation, full_refresh_mode=False) %}
    {% do apply_grants(target_relation, grant_config, should_revoke=should_revoke) %}
    {% do persist_docs(target_relation, model) %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}
