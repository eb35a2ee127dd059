-- What becomes of a change that a view cannot take: an error that names the view and the row, or
-- a suspended view. The trigger functions call these from their EXCEPTION parts.

create or replace function penstock.is_passed_on(state text, message text)
returns boolean
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    -- Lost races, cancelled statements, a server that stops or has no room: not the row's fault,
    -- and whoever retries looks for just these. And what has been told already.
    select substr(state, 1, 2) in ('08', '25', '40', '53', '55', '57', '58', 'XX')
        or message like 'view % cannot take this change: %'
$$;

create or replace function penstock.failed_view(context text, out view_schema text, out name text)
returns record
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- The context names functions from the inside out.
    select v.schema_name, v.view_name
    from regexp_matches(
        context, 'PL/pgSQL function penstock_state\.(?:"((?:[^"]|"")+)"|([^\s"(]+))\(\)', 'g'
    ) with ordinality as called (named, place)
    join penstock.views as v
        on v.definition -> 'functions'
            ? ('penstock_state.' || coalesce(replace(named[1], '""', '"'), named[2]))
    order by called.place
    limit 1
$$;

create or replace function penstock.is_fault_of(view_schema text, name text, context text)
returns boolean
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    -- The function that asks is not in the context of its own error.
    select coalesce(
        (select f.view_schema = $1 and f.name = $2 from penstock.failed_view(context) as f), true
    )
$$;

create or replace function penstock.place_of_change(
    relation text, changed jsonb, keys text[], row_count bigint
)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case
            when row_count = 1 then 'the row '
            else format('one of %s rows, the first of them ', row_count)
        end
        || case
            when cardinality(keys) > 0 and changed ?& keys then format(
                '(%s)=(%s)',
                array_to_string(keys, ', '),
                (
                    select string_agg(left(changed ->> key, 200), ', ' order by place)
                    from unnest(keys) with ordinality as k (key, place)
                )
            )
            else left(changed::text, 200)
        end
        || ' of ' || relation
$$;

create or replace function penstock.refuse_change(
    view_schema text, name text, context text,
    state text, message text, detail text, hint text, place text
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    failed record;
    path text;
begin
    select f.view_schema, f.name into failed from penstock.failed_view(context) as f;
    if failed.name is null then
        select $1 as view_schema, $2 as name into failed;
    end if;
    select nullif(v.definition ->> 'path', '') into path
    from penstock.views as v
    where v.schema_name = failed.view_schema and v.view_name = failed.name;
    raise exception using
        errcode = state,
        message = format(
            'view %s.%s cannot take this change: %s', failed.view_schema, failed.name, message
        ),
        detail = concat_ws('; ', place, nullif(detail, '')),
        hint = coalesce(
            nullif(hint, ''),
            format(
                'Mend the row, or %s: no expression of a maintained view should raise.'
                    || ' With on_error: suspend the view would stop and writers go on.',
                coalesce(path, 'the view''s SELECT')
            )
        ),
        schema = failed.view_schema,
        table = failed.name;
end
$$;

create or replace function penstock.is_suspended(view_schema text, name text)
returns boolean
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from penstock.suspensions as s
        where s.schema_name = view_schema and s.view_name = name
    )
$$;

create or replace function penstock.suspend(
    view_schema text, name text,
    state text, message text, detail text, hint text, place text
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- In the writer's own transaction: the mark goes with it when it is rolled back.
    insert into penstock.suspensions (schema_name, view_name, sqlstate, message, detail)
    values (view_schema, name, state, message, concat_ws('; ', place, nullif(detail, '')))
    on conflict (schema_name, view_name) do nothing;
    raise warning 'view %.% is suspended: %', view_schema, name, message using
        detail = concat_ws('; ', place, nullif(detail, '')),
        hint = format('It stays as it is until `penstock repair %s.%s`.', view_schema, name);
end
$$;

create or replace function penstock.stale_views()
returns table (schema_name text, view_name text, suspended_schema text, suspended_name text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- A view is stale through every suspended view that it reads, directly or not.
    with recursive reads as (
        select r.schema_name, r.view_name, w.schema_name as read_schema, w.view_name as read_name
        from penstock.views as r
        cross join lateral jsonb_array_elements_text(r.definition -> 'state_inputs') as read (name)
        join penstock.views as w
            on w.definition -> 'stages'
                @> jsonb_build_array(jsonb_build_object('table', read.name))
    ),
    reached as (
        select r.schema_name, r.view_name, s.schema_name as origin_schema, s.view_name as origin
        from penstock.suspensions as s
        join reads as r on (r.read_schema, r.read_name) = (s.schema_name, s.view_name)
        union
        select r.schema_name, r.view_name, d.origin_schema, d.origin
        from reached as d
        join reads as r on (r.read_schema, r.read_name) = (d.schema_name, d.view_name)
    )
    select * from reached
$$;

comment on function penstock.stale_views() is
    'Views that read a suspended view: they follow their other inputs, and see that one as it stopped.';
