-- What the compiler asks the catalogue, under settings that make the answers unambiguous.

create or replace function penstock.engine_definition(view_oid oid)
returns text
language plpgsql
stable
set search_path = pg_catalog
set timezone = 'UTC'
set datestyle = 'ISO, MDY'
set intervalstyle = 'postgres'
set extra_float_digits = 3
as $$
begin
    return pg_get_viewdef(view_oid);
end
$$;

comment on function penstock.engine_definition(oid) is
    'A view''s SELECT with every name qualified and every constant written out.';

-- What it returns has grown: CREATE OR REPLACE alone could not follow.
drop function if exists penstock.engine_columns(oid);

create function penstock.engine_columns(relation oid)
returns table (name text, type text, not_null boolean, is_deterministic boolean, collation text)
language plpgsql
stable
set search_path = pg_catalog
as $$
begin
    return query
    select
        a.attname::text,
        format_type(a.atttypid, a.atttypmod),
        a.attnotnull,
        coalesce(c.collisdeterministic, true),
        case when a.attcollation <> t.typcollation
            then format('%I.%I', n.nspname, c.collname) end
    from pg_attribute as a
    join pg_type as t on t.oid = a.atttypid
    left join pg_collation as c on c.oid = a.attcollation
    left join pg_namespace as n on n.oid = c.collnamespace
    where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
    order by a.attnum;
end
$$;

comment on function penstock.engine_columns(oid) is
    'Columns of a relation, their types written so that they mean the same everywhere.';
