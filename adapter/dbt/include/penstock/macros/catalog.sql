{#- `dbt docs generate`: as dbt-postgres, with maintained views as materialized views. -#}
{% macro penstock__get_catalog_relations(information_schema, relations) -%}
    {{ adapter.verify_database(information_schema.database) }}
    {%- call statement('catalog', fetch_result=True) -%}
        select
            '{{ information_schema.database }}' as table_database,
            pg_namespace.nspname as table_schema,
            pg_class.relname as table_name,
            case {{ penstock_relation_type() }}
                when 'materialized_view' then 'MATERIALIZED VIEW'
                when 'view' then 'VIEW'
                else 'BASE TABLE'
            end as table_type,
            obj_description(pg_class.oid, 'pg_class') as table_comment,
            pg_attribute.attname as column_name,
            pg_attribute.attnum as column_index,
            format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as column_type,
            col_description(pg_class.oid, pg_attribute.attnum) as column_comment,
            pg_get_userbyid(pg_class.relowner) as table_owner
        from pg_catalog.pg_class
        join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
        join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid
        where
            (
                {%- for relation in relations %}
                (
                    upper(pg_namespace.nspname) = upper('{{ relation.schema }}')
                    {%- if relation.identifier %}
                    and upper(pg_class.relname) = upper('{{ relation.identifier }}')
                    {%- endif %}
                )
                {%- if not loop.last %} or{% endif %}
                {%- endfor %}
            )
            and pg_class.relpersistence in ('p', 'u')
            and pg_class.relkind in ('r', 'v', 'f', 'p', 'm')
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
        order by pg_namespace.nspname, pg_class.relname, pg_attribute.attnum
    {%- endcall -%}
    {{ return(load_result('catalog').table) }}
{%- endmacro %}


{% macro penstock__get_catalog(information_schema, schemas) -%}
    {%- set relations = [] -%}
    {%- for schema in schemas -%}
        {%- do relations.append({'schema': schema}) -%}
    {%- endfor -%}
    {{ return(penstock__get_catalog_relations(information_schema, relations)) }}
{%- endmacro %}
