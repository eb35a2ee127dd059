-- what first_deliveries.sql compiles to; written by `make golden`
create unlogged table "penstock_state"."held_new__public__deliveries" (__held boolean);
create unlogged table "penstock_state"."held_old__public__deliveries" (__held boolean);
alter table "penstock_state"."held_new__public__deliveries" add column if not exists "message_id" text;
alter table "penstock_state"."held_new__public__deliveries" add column if not exists "received_at" timestamp with time zone;
alter table "penstock_state"."held_new__public__deliveries" add column if not exists "part" integer;
alter table "penstock_state"."held_new__public__deliveries" add column if not exists "off" integer;
alter table "penstock_state"."held_old__public__deliveries" add column if not exists "message_id" text;
alter table "penstock_state"."held_old__public__deliveries" add column if not exists "received_at" timestamp with time zone;
alter table "penstock_state"."held_old__public__deliveries" add column if not exists "part" integer;
alter table "penstock_state"."held_old__public__deliveries" add column if not exists "off" integer;
create or replace function "penstock_state"."apply__public__deliveries"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if coalesce(nullif(current_setting('penstock.open', true), ''), '0') <> '0' then
        -- A statement, which is told as a whole.
        return null;
    end if;
    perform penstock.take_turn(
        tg_argv[0]::int, tg_argv[1]::regclass, format('views of %s', tg_relid::regclass)
    );
    if tg_op in ('INSERT', 'UPDATE') then
        insert into "penstock_state"."held_new__public__deliveries" (__held, "message_id", "received_at", "part", "off") values (true, new."message_id", new."received_at", new."part", new."off");
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__deliveries" (__held, "message_id", "received_at", "part", "off") values (true, old."message_id", old."received_at", old."part", old."off");
    end if;
    perform set_config('penstock.open', '0', true);
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__deliveries"'::regclass, '"penstock_state"."held_old__public__deliveries"'::regclass);
    perform set_config('penstock.skip', '', true);
    return null;
end
$guard$;
create or replace function "penstock_state"."capture__public__deliveries"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if tg_when = 'BEFORE' then
        -- TRUNCATE of a partitioned table fires for each partition too: each tells its own rows.
        execute 'insert into "penstock_state"."held_old__public__deliveries" (__held, "message_id", "received_at", "part", "off") select true, "message_id", "received_at", "part", "off" from only ' || tg_relid::regclass;
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__deliveries"'::regclass, '"penstock_state"."held_old__public__deliveries"'::regclass);
        return null;
    end if;
    perform set_config(
        'penstock.open', (current_setting('penstock.open')::int - 1)::text, true
    );
    if tg_op = 'TRUNCATE' then
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__deliveries"'::regclass, '"penstock_state"."held_old__public__deliveries"'::regclass);
        return null;
    end if;
    if current_setting('penstock.open') = '0'
        and coalesce(current_setting('penstock.held', true), '') = ''
    then
        if coalesce(current_setting('penstock.skip', true), '') <> '' then
            perform set_config('penstock.skip', '', true);
        end if;
        -- The functions are next, and take a late writer's turn.
        return null;
    end if;
    if tg_op = 'INSERT' then
        perform penstock.take_late_turn(tg_relid);
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        insert into "penstock_state"."held_new__public__deliveries" (__held, "message_id", "received_at", "part", "off") select true, "message_id", "received_at", "part", "off" from new_rows;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__deliveries" (__held, "message_id", "received_at", "part", "off") select true, "message_id", "received_at", "part", "off" from old_rows;
    end if;
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__deliveries"'::regclass, '"penstock_state"."held_old__public__deliveries"'::regclass);
    return null;
end
$guard$;

drop trigger if exists penstock_00000_capture_insert on "public"."deliveries";
create trigger penstock_00000_capture_insert
    after insert on "public"."deliveries" referencing new table as new_rows for each statement execute function "penstock_state"."capture__public__deliveries"();
alter table "public"."deliveries" enable always trigger penstock_00000_capture_insert;
drop trigger if exists penstock_00000_capture_update on "public"."deliveries";
create trigger penstock_00000_capture_update
    after update on "public"."deliveries" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."capture__public__deliveries"();
alter table "public"."deliveries" enable always trigger penstock_00000_capture_update;
drop trigger if exists penstock_00000_capture_delete on "public"."deliveries";
create trigger penstock_00000_capture_delete
    after delete on "public"."deliveries" referencing old table as old_rows for each statement execute function "penstock_state"."capture__public__deliveries"();
alter table "public"."deliveries" enable always trigger penstock_00000_capture_delete;
drop trigger if exists penstock_00000_capture_truncate_before on "public"."deliveries";
create trigger penstock_00000_capture_truncate_before
    before truncate on "public"."deliveries"  for each statement execute function "penstock_state"."capture__public__deliveries"();
alter table "public"."deliveries" enable always trigger penstock_00000_capture_truncate_before;
drop trigger if exists penstock_00000_capture_truncate_after on "public"."deliveries";
create trigger penstock_00000_capture_truncate_after
    after truncate on "public"."deliveries"  for each statement execute function "penstock_state"."capture__public__deliveries"();
alter table "public"."deliveries" enable always trigger penstock_00000_capture_truncate_after;

create sequence if not exists "penstock_state"."pipeline_1" minvalue 0;
drop trigger if exists penstock_00000_before on "public"."deliveries";
create trigger penstock_00000_before
    before insert or update or delete or truncate on "public"."deliveries"
    for each statement execute function penstock.before_change(1, '"penstock_state"."pipeline_1"');
alter table "public"."deliveries" enable always trigger penstock_00000_before;
drop trigger if exists penstock_00000_apply on "public"."deliveries";
create trigger penstock_00000_apply after insert or update or delete on "public"."deliveries"
    for each row execute function "penstock_state"."apply__public__deliveries"(1, '"penstock_state"."pipeline_1"');
alter table "public"."deliveries" enable replica trigger penstock_00000_apply;

create table "penstock_state"."first_deliveries__first" with (fillfactor = 95, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2) as
select distinct on ("message_id") "message_id", "received_at", "part", "off" from (select "deliveries_1"."message_id" as "message_id", "deliveries_1"."received_at" as "received_at", "deliveries_1"."part" as "part", "deliveries_1"."off" as "off"
    from "public"."deliveries" as "deliveries_1") as body order by "message_id", "received_at" asc nulls last, "part" asc nulls last, "off" asc nulls last;
alter table "penstock_state"."first_deliveries__first" alter column "message_id" set not null;
alter table "penstock_state"."first_deliveries__first" alter column "received_at" set not null;
alter table "penstock_state"."first_deliveries__first" alter column "part" set not null;
alter table "penstock_state"."first_deliveries__first" alter column "off" set not null;
create unique index on "penstock_state"."first_deliveries__first" ("message_id");

create index if not exists "penstock_1d1bf74711e6" on "public"."deliveries" ("message_id")

create function "penstock_state"."first_deliveries__first__insert__deliveries"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_nestloop = off
set enable_mergejoin = off
set enable_material = off
set random_page_cost = 0
set cpu_tuple_cost = 1
set cpu_index_tuple_cost = 1
set jit = off
set work_mem = '64MB'
set plan_cache_mode = force_generic_plan
as $penstock$
#variable_conflict use_column
declare
    penstock_fresh constant boolean := true;
    penstock_timed constant bigint[] := case
        when current_setting('penstock.timing', true) = 'on' then penstock.timing_begins()
    end;
    __added "penstock_state"."first_deliveries__first"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    with delta as (
        select "deliveries_1"."message_id" as "message_id", "deliveries_1"."received_at" as "received_at", "deliveries_1"."part" as "part", "deliveries_1"."off" as "off", 1 as __w
        from new_rows as "deliveries_1"
    ),
    inserted as (
        insert into "penstock_state"."first_deliveries__first" ("message_id", "received_at", "part", "off")
        select distinct on ("message_id") "message_id", "received_at", "part", "off" from delta order by "message_id", "received_at" asc nulls last, "part" asc nulls last, "off" asc nulls last
        on conflict do nothing
        returning "message_id"
    )
    select rest.rows into __added
    from (
        select array_agg(row(c."message_id", c."received_at", c."part", c."off")::"penstock_state"."first_deliveries__first") as rows
        from delta as c
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."first_deliveries__first" as t where t."message_id" = c."message_id" offset 0) as s on true
        where not exists (select from inserted as i where i."message_id" = c."message_id")
            and (s.__ctid is null or ((c."received_at" < s."received_at") is true or (s."received_at" is null and c."received_at" is not null) or (((c."received_at" = s."received_at") is true or (c."received_at" is null and s."received_at" is null)) and ((c."part" < s."part") is true or (s."part" is null and c."part" is not null) or (((c."part" = s."part") is true or (c."part" is null and s."part" is null)) and ((c."off" < s."off") is true or (s."off" is null and c."off" is not null)))))) or current_setting('penstock.late', true) = 'on')
    ) as rest
    where penstock.take_late_turn(tg_relid);
    if __added is not null then
        with delta as (
            select * from unnest(__added)
        ),
        met as (
            select c.*, s.__ctid, s.__ctid is not null and ((c."received_at" < s."received_at") is true or (s."received_at" is null and c."received_at" is not null) or (((c."received_at" = s."received_at") is true or (c."received_at" is null and s."received_at" is null)) and ((c."part" < s."part") is true or (s."part" is null and c."part" is not null) or (((c."part" = s."part") is true or (c."part" is null and s."part" is null)) and ((c."off" < s."off") is true or (s."off" is null and c."off" is not null)))))) as __better
            from delta as c
            left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."first_deliveries__first" as t where t."message_id" = c."message_id" offset 0) as s on true
        ),
        several as (
            select "message_id" from met where __ctid is null or __better group by "message_id" having count(*) > 1
        ),
        inserted as (
            insert into "penstock_state"."first_deliveries__first" ("message_id", "received_at", "part", "off")
            select "message_id", "received_at", "part", "off" from met where __ctid is null and (("message_id") in (select "message_id" from several)) is false
            union all
            (select distinct on ("message_id") "message_id", "received_at", "part", "off" from met where __ctid is null and (("message_id") in (select "message_id" from several)) is true order by "message_id", "received_at" asc nulls last, "part" asc nulls last, "off" asc nulls last)
        )
        select array_agg(row(c."message_id", c."received_at", c."part", c."off")::"penstock_state"."first_deliveries__first"), array_agg(c.__ctid)
        into __added, __places
        from (select distinct on ("message_id") "message_id", "received_at", "part", "off", __ctid from met where __better order by "message_id", "received_at" asc nulls last, "part" asc nulls last, "off" asc nulls last) as c;
        if __added is not null then
            update "penstock_state"."first_deliveries__first" as s set "received_at" = m."received_at", "part" = m."part", "off" = m."off"
            from rows from (unnest(__places), unnest(__added)) as m(__ctid, "message_id", "received_at", "part", "off")
            where s.ctid = m.__ctid;
        end if;
    end if;
    exception when others then
        declare
            __state constant text := sqlstate;
            __message text;
            __detail text;
            __hint text;
            __context text;
            __place text;
            __row jsonb;
            __rows bigint;
        begin
            get stacked diagnostics __message = message_text, __detail = pg_exception_detail,
                __hint = pg_exception_hint, __context = pg_exception_context;
            if penstock.is_passed_on(__state, __message) then
                raise;
            end if;
            select count(*) into __rows from new_rows;
            for __at in 0 .. least(__rows, 1000) - 1 loop
                begin
                    perform count(made) from (
                        with new_rows as (select * from new_rows offset __at limit 1)
                        select "deliveries_1"."message_id" as "message_id", "deliveries_1"."received_at" as "received_at", "deliveries_1"."part" as "part", "deliveries_1"."off" as "off", 1 as __w
        from new_rows as "deliveries_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.deliveries', to_jsonb(r), array['part', 'off']::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.deliveries', __row, array['part', 'off']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'first_deliveries', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.first_deliveries', 'first_deliveries__first__insert__deliveries'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."first_deliveries__first__insert__deliveries"() is 'public.first_deliveries: insert on public.deliveries. top-1: merge what comes, look again where a row left';
create trigger "penstock_99998_first_deliveries__first__insert__deliveries" after insert on "public"."deliveries" referencing new table as new_rows for each statement execute function "penstock_state"."first_deliveries__first__insert__deliveries"();
alter table "public"."deliveries" enable always trigger "penstock_99998_first_deliveries__first__insert__deliveries";
create trigger "penstock_99998_first_deliveries__first__insert__deliveries" after delete on "penstock_state"."held_new__public__deliveries" referencing old table as new_rows for each statement execute function "penstock_state"."first_deliveries__first__insert__deliveries"();
alter table "penstock_state"."held_new__public__deliveries" enable always trigger "penstock_99998_first_deliveries__first__insert__deliveries";
create function "penstock_state"."first_deliveries__first__update__deliveries"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
set random_page_cost = 0
set cpu_tuple_cost = 1
set cpu_index_tuple_cost = 1
set jit = off
set work_mem = '64MB'
set plan_cache_mode = force_generic_plan
as $penstock$
#variable_conflict use_column
declare
    penstock_fresh constant boolean := true;
    penstock_timed constant bigint[] := case
        when current_setting('penstock.timing', true) = 'on' then penstock.timing_begins()
    end;
    __added "penstock_state"."first_deliveries__first"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    with delta as (
        select "deliveries_1"."message_id" as "message_id", "deliveries_1"."received_at" as "received_at", "deliveries_1"."part" as "part", "deliveries_1"."off" as "off", "deliveries_1".__w as __w
        from (select "message_id", "off", "part", "received_at", sum(__w)::bigint as __w from (select "message_id", "off", "part", "received_at", 1 as __w from new_rows union all select "message_id", "off", "part", "received_at", -1 from old_rows) as changes group by "message_id", "off", "part", "received_at" having sum(__w) <> 0) as "deliveries_1"
    ),
    touched as (
        select distinct "message_id" from delta
    ),
    merged as (
        select d."message_id", best."received_at", best."part", best."off", s.__ctid, best.__found is true as __alive
        from touched as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."first_deliveries__first" as t where t."message_id" = d."message_id" offset 0) as s on true
        left join lateral (
            select "message_id", "received_at", "part", "off", true as __found
            from (select "deliveries_1"."message_id" as "message_id", "deliveries_1"."received_at" as "received_at", "deliveries_1"."part" as "part", "deliveries_1"."off" as "off"
        from "public"."deliveries" as "deliveries_1"
        where ("deliveries_1"."message_id") = d."message_id" offset 0) as body
            order by "received_at" asc nulls last, "part" asc nulls last, "off" asc nulls last
            limit 1
        ) as best on true
    ),
    updated as (
        update "penstock_state"."first_deliveries__first" as s set "received_at" = m."received_at", "part" = m."part", "off" = m."off"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."message_id", m."received_at", m."part", m."off")::"penstock_state"."first_deliveries__first"
    )
    select array_agg(row(m."message_id", m."received_at", m."part", m."off")::"penstock_state"."first_deliveries__first") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."first_deliveries__first" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."first_deliveries__first" select * from unnest(__added);
    end if;
    exception when others then
        declare
            __state constant text := sqlstate;
            __message text;
            __detail text;
            __hint text;
            __context text;
            __place text;
            __row jsonb;
            __rows bigint;
        begin
            get stacked diagnostics __message = message_text, __detail = pg_exception_detail,
                __hint = pg_exception_hint, __context = pg_exception_context;
            if penstock.is_passed_on(__state, __message) then
                raise;
            end if;
            select count(*) into __rows from new_rows;
            for __at in 0 .. least(__rows, 1000) - 1 loop
                begin
                    perform count(made) from (
                        with new_rows as (select * from new_rows offset __at limit 1), old_rows as (select * from old_rows limit 0)
                        select "deliveries_1"."message_id" as "message_id", "deliveries_1"."received_at" as "received_at", "deliveries_1"."part" as "part", "deliveries_1"."off" as "off", "deliveries_1".__w as __w
        from (select "message_id", "off", "part", "received_at", sum(__w)::bigint as __w from (select "message_id", "off", "part", "received_at", 1 as __w from new_rows union all select "message_id", "off", "part", "received_at", -1 from old_rows) as changes group by "message_id", "off", "part", "received_at" having sum(__w) <> 0) as "deliveries_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.deliveries', to_jsonb(r), array['part', 'off']::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.deliveries', __row, array['part', 'off']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'first_deliveries', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.first_deliveries', 'first_deliveries__first__update__deliveries'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."first_deliveries__first__update__deliveries"() is 'public.first_deliveries: update on public.deliveries. top-1: merge what comes, look again where a row left';
create trigger "penstock_99998_first_deliveries__first__update__deliveries" after update on "public"."deliveries" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."first_deliveries__first__update__deliveries"();
alter table "public"."deliveries" enable always trigger "penstock_99998_first_deliveries__first__update__deliveries";
create function "penstock_state"."first_deliveries__first__delete__deliveries"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
set random_page_cost = 0
set cpu_tuple_cost = 1
set cpu_index_tuple_cost = 1
set jit = off
set work_mem = '64MB'
set plan_cache_mode = force_generic_plan
as $penstock$
#variable_conflict use_column
declare
    penstock_fresh constant boolean := true;
    penstock_timed constant bigint[] := case
        when current_setting('penstock.timing', true) = 'on' then penstock.timing_begins()
    end;
    __added "penstock_state"."first_deliveries__first"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    with delta as (
        select "deliveries_1"."message_id" as "message_id", "deliveries_1"."received_at" as "received_at", "deliveries_1"."part" as "part", "deliveries_1"."off" as "off", -1 as __w
        from old_rows as "deliveries_1"
    ),
    touched as (
        select distinct "message_id" from delta
    ),
    merged as (
        select d."message_id", best."received_at", best."part", best."off", s.__ctid, best.__found is true as __alive
        from touched as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."first_deliveries__first" as t where t."message_id" = d."message_id" offset 0) as s on true
        left join lateral (
            select "message_id", "received_at", "part", "off", true as __found
            from (select "deliveries_1"."message_id" as "message_id", "deliveries_1"."received_at" as "received_at", "deliveries_1"."part" as "part", "deliveries_1"."off" as "off"
        from "public"."deliveries" as "deliveries_1"
        where ("deliveries_1"."message_id") = d."message_id" offset 0) as body
            order by "received_at" asc nulls last, "part" asc nulls last, "off" asc nulls last
            limit 1
        ) as best on true
    ),
    updated as (
        update "penstock_state"."first_deliveries__first" as s set "received_at" = m."received_at", "part" = m."part", "off" = m."off"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."message_id", m."received_at", m."part", m."off")::"penstock_state"."first_deliveries__first"
    )
    select array_agg(row(m."message_id", m."received_at", m."part", m."off")::"penstock_state"."first_deliveries__first") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."first_deliveries__first" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."first_deliveries__first" select * from unnest(__added);
    end if;
    exception when others then
        declare
            __state constant text := sqlstate;
            __message text;
            __detail text;
            __hint text;
            __context text;
            __place text;
            __row jsonb;
            __rows bigint;
        begin
            get stacked diagnostics __message = message_text, __detail = pg_exception_detail,
                __hint = pg_exception_hint, __context = pg_exception_context;
            if penstock.is_passed_on(__state, __message) then
                raise;
            end if;
            select count(*) into __rows from old_rows;
            for __at in 0 .. least(__rows, 1000) - 1 loop
                begin
                    perform count(made) from (
                        with old_rows as (select * from old_rows offset __at limit 1)
                        select "deliveries_1"."message_id" as "message_id", "deliveries_1"."received_at" as "received_at", "deliveries_1"."part" as "part", "deliveries_1"."off" as "off", -1 as __w
        from old_rows as "deliveries_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from old_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.deliveries', to_jsonb(r), array['part', 'off']::text[], __rows)
                into __place from (select * from old_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.deliveries', __row, array['part', 'off']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'first_deliveries', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.first_deliveries', 'first_deliveries__first__delete__deliveries'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."first_deliveries__first__delete__deliveries"() is 'public.first_deliveries: delete on public.deliveries. top-1: merge what comes, look again where a row left';
create trigger "penstock_99998_first_deliveries__first__delete__deliveries" after delete on "public"."deliveries" referencing old table as old_rows for each statement execute function "penstock_state"."first_deliveries__first__delete__deliveries"();
alter table "public"."deliveries" enable always trigger "penstock_99998_first_deliveries__first__delete__deliveries";
create trigger "penstock_99998_first_deliveries__first__delete__deliveries" after delete on "penstock_state"."held_old__public__deliveries" referencing old table as old_rows for each statement execute function "penstock_state"."first_deliveries__first__delete__deliveries"();
alter table "penstock_state"."held_old__public__deliveries" enable always trigger "penstock_99998_first_deliveries__first__delete__deliveries";
create trigger penstock_00000_protect
    before insert or update or delete or truncate on "penstock_state"."first_deliveries__first"
    for each statement when (pg_catalog.pg_trigger_depth() = 0)
    execute function penstock.refuse_write('public.first_deliveries');
alter table "penstock_state"."first_deliveries__first" enable always trigger penstock_00000_protect;

create or replace view "public"."first_deliveries" as select "first_3"."message_id" as "message_id", "first_3"."received_at" as "received_at" from "penstock_state"."first_deliveries__first" as "first_3" where CAST(1 AS BIGINT) = 1
