{#- A maintained view is a plain view to PostgreSQL; penstock.views tells them apart. -#}
{% macro penstock__list_relations_without_caching(schema_relation) %}
    {% call statement('list_relations_without_caching', fetch_result=True) -%}
        select
            '{{ schema_relation.database }}' as database,
            pg_class.relname as name,
            pg_namespace.nspname as schema,
            {{ penstock_relation_type() }} as type
        from pg_catalog.pg_class
        join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
        where
            pg_class.relkind in ('r', 'p', 'v', 'm')
            and pg_namespace.nspname ilike '{{ schema_relation.schema }}'
    {% endcall %}
    {{ return(load_result('list_relations_without_caching').table) }}
{% endmacro %}


{#- dbt's word for the kind of a relation in pg_class. -#}
{% macro penstock_relation_type() -%}
    case
        when pg_class.relkind = 'm' then 'materialized_view'
        {%- if adapter.can_read_views() %}
        when exists (
            select from penstock.views as maintained
            where
                maintained.schema_name = pg_namespace.nspname
                and maintained.view_name = pg_class.relname
        ) then 'materialized_view'
        {%- endif %}
        when pg_class.relkind = 'v' then 'view'
        else 'table'
    end
{%- endmacro %}
