-- What stands between a maintained view and its being maintained: an empty answer means nothing.
--
-- PostgreSQL lets an owner disable or drop a trigger, rename what a view reads, or drop it with
-- CASCADE. `dbt run` builds a view that has a fault again; `penstock status` shows the faults.

create or replace function penstock.faults_of(of_schema text, of_view text)
returns table (schema_name text, view_name text, fault text)
language sql
stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, MDY'
set intervalstyle = 'postgres'
set extra_float_digits = 3
as $$
    with
    views as (
        select v.*
        from penstock.views as v
        where of_view is null or (v.schema_name = of_schema and v.view_name = of_view)
    ),
    -- Names are looked up by hand: to_regclass() asks for rights that a reader has not.
    relations as (
        select c.oid, n.nspname, c.relname, c.relrowsecurity, c.relkind
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
    ),
    states as (
        select v.schema_name, v.view_name, stage ->> 'table' as name
        from views as v
        cross join lateral jsonb_array_elements(v.definition -> 'stages') as stage
    ),
    inputs as (
        select v.schema_name, v.view_name, base ->> 0 as base_schema, base ->> 1 as base_name
        from views as v
        cross join lateral jsonb_array_elements(v.definition -> 'direct_bases') as base
    ),
    triggers as (
        select
            v.schema_name, v.view_name,
            t ->> 0 as table_schema, t ->> 1 as table_name, t ->> 2 as trigger_name
        from views as v
        cross join lateral jsonb_array_elements(v.definition -> 'triggers') as t
    )
    select v.schema_name, v.view_name, 'the view itself is gone'
    from views as v
    where not exists (
        select from relations as r
        where r.nspname = v.schema_name and r.relname = v.view_name and r.relkind = 'v'
    )
    union all
    select s.schema_name, s.view_name, format('it is suspended: %s', s.message)
    from penstock.suspensions as s
    where of_view is null or (s.schema_name = of_schema and s.view_name = of_view)
    union all
    select v.schema_name, v.view_name, 'writes have passed it by; it must be built again'
    from views as v
    where v.fingerprint = ''
    union all
    select s.schema_name, s.view_name, format('the state table %I is gone', s.name)
    from states as s
    where not exists (
        select from relations as r where r.nspname = 'penstock_state' and r.relname = s.name
    )
    union all
    select i.schema_name, i.view_name, format('%I.%I, which it reads, is gone', i.base_schema, i.base_name)
    from inputs as i
    where not exists (
        select from relations as r where r.nspname = i.base_schema and r.relname = i.base_name
    )
    union all
    select
        i.schema_name, i.view_name,
        format('%I.%I has row-level security, which a view cannot honour', i.base_schema, i.base_name)
    from inputs as i
    join relations as r on r.nspname = i.base_schema and r.relname = i.base_name
    where r.relrowsecurity
    union all
    select v.schema_name, v.view_name, 'something that it reads was dropped with CASCADE'
    from views as v
    where not exists (
        select from relations as r
        where r.nspname = 'penstock_state' and r.relname = v.definition ->> 'anchor'
    )
    union all
    -- PostgreSQL's own view follows a renaming; the functions keep the names they were made with.
    select v.schema_name, v.view_name, 'something that it reads was renamed or moved'
    from views as v
    join relations as r
        on r.nspname = 'penstock_state' and r.relname = v.definition ->> 'anchor'
    where v.definition ->> 'server' = current_setting('server_version_num')
        and v.definition ->> 'anchored' <> pg_get_viewdef(r.oid)
    union all
    select
        t.schema_name, t.view_name,
        format(
            case when g.oid is null then 'trigger %I on %I.%I is missing'
                else 'trigger %I on %I.%I is not enabled as it was' end,
            t.trigger_name, t.table_schema, t.table_name
        )
    from triggers as t
    join relations as r on r.nspname = t.table_schema and r.relname = t.table_name
    left join pg_trigger as g on g.tgrelid = r.oid and g.tgname = t.trigger_name
    -- The row trigger is for logical replication alone.
    where g.tgenabled is distinct from (case g.tgtype & 1 when 1 then 'R' else 'A' end)::"char"
    union
    select
        t.schema_name, t.view_name,
        format('the partition %s lacks triggers: what is written straight to it passes by', c.oid::regclass)
    from triggers as t
    join relations as r on r.nspname = t.table_schema and r.relname = t.table_name
    cross join lateral pg_partition_tree(r.oid) as p
    join pg_class as c on c.oid = p.relid
    left join pg_trigger as g on g.tgrelid = p.relid and g.tgname = t.trigger_name
    where r.relkind = 'p' and p.relid <> r.oid
        and g.tgenabled is distinct from (case g.tgtype & 1 when 1 then 'R' else 'A' end)::"char"
$$;

comment on function penstock.faults_of(text, text) is
    'What keeps one maintained view from being maintained; of all of them where it is null.';

create or replace function penstock.faults()
returns table (schema_name text, view_name text, fault text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select * from penstock.faults_of(null, null)
$$;

comment on function penstock.faults() is
    'Per maintained view: what keeps it from being maintained. No rows when all is well.';
