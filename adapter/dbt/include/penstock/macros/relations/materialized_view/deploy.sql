{#- Bring a maintained view to what its model or test says; return what was done, in one word.

    What stands there of another kind is renamed first and dropped last: maintained views that
    read it are built anew in between. -#}
{% macro penstock_deploy(target_relation, existing_relation, sql, full_refresh) %}
    {%- set of_other_kind = existing_relation is not none
        and not (existing_relation.is_materialized_view and adapter.is_maintained(existing_relation)) -%}

    {% if of_other_kind %}
        {%- set backup_relation = make_backup_relation(existing_relation, existing_relation.type) -%}
        {{ drop_relation_if_exists(load_cached_relation(backup_relation)) }}
        {{ adapter.rename_relation(existing_relation, backup_relation) }}
    {% endif %}

    {%- set outcome = adapter.deploy_view(target_relation, sql, model, full_refresh) -%}

    {% if of_other_kind %}
        {% do adapter.rebuild_readers(target_relation) %}
        {{ adapter.drop_relation(backup_relation) }}
    {% endif %}

    {{ return(outcome) }}
{% endmacro %}
