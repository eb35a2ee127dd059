-- what tags_in_use.sql compiles to; written by `make golden`
create unlogged table "penstock_state"."held_new__public__events" (__held boolean);
create unlogged table "penstock_state"."held_old__public__events" (__held boolean);
alter table "penstock_state"."held_new__public__events" add column if not exists "event_id" integer;
alter table "penstock_state"."held_new__public__events" add column if not exists "tags" text[];
alter table "penstock_state"."held_old__public__events" add column if not exists "event_id" integer;
alter table "penstock_state"."held_old__public__events" add column if not exists "tags" text[];
create or replace function "penstock_state"."apply__public__events"() returns trigger
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
        insert into "penstock_state"."held_new__public__events" (__held, "event_id", "tags") values (true, new."event_id", new."tags");
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__events" (__held, "event_id", "tags") values (true, old."event_id", old."tags");
    end if;
    perform set_config('penstock.open', '0', true);
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__events"'::regclass, '"penstock_state"."held_old__public__events"'::regclass);
    perform set_config('penstock.skip', '', true);
    return null;
end
$guard$;
create or replace function "penstock_state"."capture__public__events"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if tg_when = 'BEFORE' then
        -- TRUNCATE of a partitioned table fires for each partition too: each tells its own rows.
        execute 'insert into "penstock_state"."held_old__public__events" (__held, "event_id", "tags") select true, "event_id", "tags" from only ' || tg_relid::regclass;
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__events"'::regclass, '"penstock_state"."held_old__public__events"'::regclass);
        return null;
    end if;
    perform set_config(
        'penstock.open', (current_setting('penstock.open')::int - 1)::text, true
    );
    if tg_op = 'TRUNCATE' then
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__events"'::regclass, '"penstock_state"."held_old__public__events"'::regclass);
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
        insert into "penstock_state"."held_new__public__events" (__held, "event_id", "tags") select true, "event_id", "tags" from new_rows;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__events" (__held, "event_id", "tags") select true, "event_id", "tags" from old_rows;
    end if;
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__events"'::regclass, '"penstock_state"."held_old__public__events"'::regclass);
    return null;
end
$guard$;

drop trigger if exists penstock_00000_capture_insert on "public"."events";
create trigger penstock_00000_capture_insert
    after insert on "public"."events" referencing new table as new_rows for each statement execute function "penstock_state"."capture__public__events"();
alter table "public"."events" enable always trigger penstock_00000_capture_insert;
drop trigger if exists penstock_00000_capture_update on "public"."events";
create trigger penstock_00000_capture_update
    after update on "public"."events" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."capture__public__events"();
alter table "public"."events" enable always trigger penstock_00000_capture_update;
drop trigger if exists penstock_00000_capture_delete on "public"."events";
create trigger penstock_00000_capture_delete
    after delete on "public"."events" referencing old table as old_rows for each statement execute function "penstock_state"."capture__public__events"();
alter table "public"."events" enable always trigger penstock_00000_capture_delete;
drop trigger if exists penstock_00000_capture_truncate_before on "public"."events";
create trigger penstock_00000_capture_truncate_before
    before truncate on "public"."events"  for each statement execute function "penstock_state"."capture__public__events"();
alter table "public"."events" enable always trigger penstock_00000_capture_truncate_before;
drop trigger if exists penstock_00000_capture_truncate_after on "public"."events";
create trigger penstock_00000_capture_truncate_after
    after truncate on "public"."events"  for each statement execute function "penstock_state"."capture__public__events"();
alter table "public"."events" enable always trigger penstock_00000_capture_truncate_after;

create unlogged table "penstock_state"."held_new__public__tags" (__held boolean);
create unlogged table "penstock_state"."held_old__public__tags" (__held boolean);
alter table "penstock_state"."held_new__public__tags" add column if not exists "tag" text;
alter table "penstock_state"."held_new__public__tags" add column if not exists "label" text;
alter table "penstock_state"."held_old__public__tags" add column if not exists "tag" text;
alter table "penstock_state"."held_old__public__tags" add column if not exists "label" text;
create or replace function "penstock_state"."apply__public__tags"() returns trigger
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
        insert into "penstock_state"."held_new__public__tags" (__held, "tag", "label") values (true, new."tag", new."label");
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__tags" (__held, "tag", "label") values (true, old."tag", old."label");
    end if;
    perform set_config('penstock.open', '0', true);
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__tags"'::regclass, '"penstock_state"."held_old__public__tags"'::regclass);
    perform set_config('penstock.skip', '', true);
    return null;
end
$guard$;
create or replace function "penstock_state"."capture__public__tags"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if tg_when = 'BEFORE' then
        -- TRUNCATE of a partitioned table fires for each partition too: each tells its own rows.
        execute 'insert into "penstock_state"."held_old__public__tags" (__held, "tag", "label") select true, "tag", "label" from only ' || tg_relid::regclass;
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__tags"'::regclass, '"penstock_state"."held_old__public__tags"'::regclass);
        return null;
    end if;
    perform set_config(
        'penstock.open', (current_setting('penstock.open')::int - 1)::text, true
    );
    if tg_op = 'TRUNCATE' then
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__tags"'::regclass, '"penstock_state"."held_old__public__tags"'::regclass);
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
        insert into "penstock_state"."held_new__public__tags" (__held, "tag", "label") select true, "tag", "label" from new_rows;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__tags" (__held, "tag", "label") select true, "tag", "label" from old_rows;
    end if;
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__tags"'::regclass, '"penstock_state"."held_old__public__tags"'::regclass);
    return null;
end
$guard$;

drop trigger if exists penstock_00000_capture_insert on "public"."tags";
create trigger penstock_00000_capture_insert
    after insert on "public"."tags" referencing new table as new_rows for each statement execute function "penstock_state"."capture__public__tags"();
alter table "public"."tags" enable always trigger penstock_00000_capture_insert;
drop trigger if exists penstock_00000_capture_update on "public"."tags";
create trigger penstock_00000_capture_update
    after update on "public"."tags" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."capture__public__tags"();
alter table "public"."tags" enable always trigger penstock_00000_capture_update;
drop trigger if exists penstock_00000_capture_delete on "public"."tags";
create trigger penstock_00000_capture_delete
    after delete on "public"."tags" referencing old table as old_rows for each statement execute function "penstock_state"."capture__public__tags"();
alter table "public"."tags" enable always trigger penstock_00000_capture_delete;
drop trigger if exists penstock_00000_capture_truncate_before on "public"."tags";
create trigger penstock_00000_capture_truncate_before
    before truncate on "public"."tags"  for each statement execute function "penstock_state"."capture__public__tags"();
alter table "public"."tags" enable always trigger penstock_00000_capture_truncate_before;
drop trigger if exists penstock_00000_capture_truncate_after on "public"."tags";
create trigger penstock_00000_capture_truncate_after
    after truncate on "public"."tags"  for each statement execute function "penstock_state"."capture__public__tags"();
alter table "public"."tags" enable always trigger penstock_00000_capture_truncate_after;

create sequence if not exists "penstock_state"."pipeline_1" minvalue 0;
drop trigger if exists penstock_00000_before on "public"."events";
create trigger penstock_00000_before
    before insert or update or delete or truncate on "public"."events"
    for each statement execute function penstock.before_change(1, '"penstock_state"."pipeline_1"');
alter table "public"."events" enable always trigger penstock_00000_before;
drop trigger if exists penstock_00000_apply on "public"."events";
create trigger penstock_00000_apply after insert or update or delete on "public"."events"
    for each row execute function "penstock_state"."apply__public__events"(1, '"penstock_state"."pipeline_1"');
alter table "public"."events" enable replica trigger penstock_00000_apply;

create sequence if not exists "penstock_state"."pipeline_1" minvalue 0;
drop trigger if exists penstock_00000_before on "public"."tags";
create trigger penstock_00000_before
    before insert or update or delete or truncate on "public"."tags"
    for each statement execute function penstock.before_change(1, '"penstock_state"."pipeline_1"');
alter table "public"."tags" enable always trigger penstock_00000_before;
drop trigger if exists penstock_00000_apply on "public"."tags";
create trigger penstock_00000_apply after insert or update or delete on "public"."tags"
    for each row execute function "penstock_state"."apply__public__tags"(1, '"penstock_state"."pipeline_1"');
alter table "public"."tags" enable replica trigger penstock_00000_apply;

create table "penstock_state"."tags_in_use__elements" with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2) as
select "t_2"."tag" as "c1__tag", "e_1"."event_id" as "__key1", "t_2"."__ordinality" as "__key2"
    from "public"."events" as "e_1"
    cross join lateral rows from (unnest("e_1"."tags")) with ordinality as "t_2"("tag", "__ordinality");
alter table "penstock_state"."tags_in_use__elements" alter column "__key1" set not null;
alter table "penstock_state"."tags_in_use__elements" alter column "__key2" set not null;
create unique index on "penstock_state"."tags_in_use__elements" ("__key1", "__key2");

create table "penstock_state"."tags_in_use__groups" with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2) as
select "label", count(*) as "__count" from (select "g_3"."label" as "label"
    from "penstock_state"."tags_in_use__elements" as "elements_4"
    cross join "public"."tags" as "g_3"
    where "g_3"."tag" = "elements_4"."c1__tag") as body group by "label";
alter table "penstock_state"."tags_in_use__groups" alter column "__count" set not null;
create unique index on "penstock_state"."tags_in_use__groups" ((array["label"]));

create table "penstock_state"."tags_in_use__counted" with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2) as
select "label", "uses", count(*) as "__count", count("__left") as "__left", count("__right") as "__right" from (select "groups_5"."label" as "label", "groups_5"."__count" as "uses", TRUE as "__left", CAST(NULL AS BOOLEAN) as "__right"
    from "penstock_state"."tags_in_use__groups" as "groups_5"
    union all
    select "tags_6"."label" as "label", CAST(1 AS BIGINT) as "uses", CAST(NULL AS BOOLEAN) as "__left", TRUE as "__right"
    from "public"."tags" as "tags_6") as body group by "label", "uses";
alter table "penstock_state"."tags_in_use__counted" alter column "uses" set not null;
alter table "penstock_state"."tags_in_use__counted" alter column "__count" set not null;
create unique index on "penstock_state"."tags_in_use__counted" ((array["label"]), "uses");

create table "penstock_state"."tags_in_use" with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2) as
select "rows_7"."label" as "label", "rows_7"."uses" as "uses", "copies_8"."__ordinality" as "__key3"
    from "penstock_state"."tags_in_use__counted" as "rows_7"
    cross join lateral rows from (generate_series(1, least("rows_7"."__left", "rows_7"."__right"))) with ordinality as "copies_8"("copy", "__ordinality");
alter table "penstock_state"."tags_in_use" alter column "uses" set not null;
alter table "penstock_state"."tags_in_use" alter column "__key3" set not null;
create unique index on "penstock_state"."tags_in_use" ((array["label"]), "uses", "__key3");

create index if not exists "penstock_73643d1986e8" on "public"."tags" ("tag")

create index if not exists "penstock_847b67b0b83d" on "penstock_state"."tags_in_use__elements" ("c1__tag")

create function "penstock_state"."tags_in_use__elements__insert__events"() returns trigger
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
    __added "penstock_state"."tags_in_use__elements"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    if current_setting('penstock.late', true) = 'on' then
        perform penstock.take_late_turn(tg_relid);
    end if;
    begin
    insert into "penstock_state"."tags_in_use__elements" ("c1__tag", "__key1", "__key2")
    select "c1__tag", "__key1", "__key2" from (
        select "t_2"."tag" as "c1__tag", "e_1"."event_id" as "__key1", "t_2"."__ordinality" as "__key2", 1 as __w
        from new_rows as "e_1"
        cross join lateral rows from (unnest("e_1"."tags")) with ordinality as "t_2"("tag", "__ordinality")
    ) as delta;
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
                        select "t_2"."tag" as "c1__tag", "e_1"."event_id" as "__key1", "t_2"."__ordinality" as "__key2", 1 as __w
        from new_rows as "e_1"
        cross join lateral rows from (unnest("e_1"."tags")) with ordinality as "t_2"("tag", "__ordinality")
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.events', to_jsonb(r), array['event_id']::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.events', __row, array['event_id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'tags_in_use', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__elements__insert__events'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__elements__insert__events"() is 'public.tags_in_use: insert on public.events. linear: the delta is the change of the view';
create trigger "penstock_99998_tags_in_use__elements__insert__events" after insert on "public"."events" referencing new table as new_rows for each statement execute function "penstock_state"."tags_in_use__elements__insert__events"();
alter table "public"."events" enable always trigger "penstock_99998_tags_in_use__elements__insert__events";
create trigger "penstock_99998_tags_in_use__elements__insert__events" after delete on "penstock_state"."held_new__public__events" referencing old table as new_rows for each statement execute function "penstock_state"."tags_in_use__elements__insert__events"();
alter table "penstock_state"."held_new__public__events" enable always trigger "penstock_99998_tags_in_use__elements__insert__events";
create function "penstock_state"."tags_in_use__elements__update__events"() returns trigger
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
set timezone = 'UTC'
set datestyle = 'ISO, MDY'
set intervalstyle = 'postgres'
set extra_float_digits = 1
set bytea_output = 'hex'
as $penstock$
#variable_conflict use_column
declare
    penstock_fresh constant boolean := true;
    penstock_timed constant bigint[] := case
        when current_setting('penstock.timing', true) = 'on' then penstock.timing_begins()
    end;
    __added "penstock_state"."tags_in_use__elements"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    with delta as (
        select "c1__tag", "__key1", "__key2", sum(__w)::bigint as __w from (select "t_2"."tag" as "c1__tag", "e_1"."event_id" as "__key1", "t_2"."__ordinality" as "__key2", "e_1".__w as __w
        from (select "event_id", min("tags"::text collate "C")::text[] as "tags", sum(__w)::bigint as __w from (select "event_id", "tags", 1 as __w from new_rows union all select "event_id", "tags", -1 from old_rows) as changes group by "event_id", "tags"::text having sum(__w) <> 0) as "e_1"
        cross join lateral rows from (unnest("e_1"."tags")) with ordinality as "t_2"("tag", "__ordinality")) as changes group by "c1__tag", "__key1", "__key2" having sum(__w) <> 0
    ),
    merged as (
        select distinct on (d."__key1", d."__key2") d."c1__tag", d."__key1", d."__key2", s.__ctid, d.__w > 0 as __alive
        from delta as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__elements" as t where t."__key1" = d."__key1" and t."__key2" = d."__key2" offset 0) as s on true
        order by d."__key1", d."__key2", d.__w desc
    ),
    updated as (
        update "penstock_state"."tags_in_use__elements" as s set "c1__tag" = m."c1__tag"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."c1__tag", m."__key1", m."__key2")::"penstock_state"."tags_in_use__elements"
    )
    select array_agg(row(m."c1__tag", m."__key1", m."__key2")::"penstock_state"."tags_in_use__elements") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__elements" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__elements" select * from unnest(__added);
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
                        select "t_2"."tag" as "c1__tag", "e_1"."event_id" as "__key1", "t_2"."__ordinality" as "__key2", "e_1".__w as __w
        from (select "event_id", min("tags"::text collate "C")::text[] as "tags", sum(__w)::bigint as __w from (select "event_id", "tags", 1 as __w from new_rows union all select "event_id", "tags", -1 from old_rows) as changes group by "event_id", "tags"::text having sum(__w) <> 0) as "e_1"
        cross join lateral rows from (unnest("e_1"."tags")) with ordinality as "t_2"("tag", "__ordinality")
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.events', to_jsonb(r), array['event_id']::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.events', __row, array['event_id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'tags_in_use', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__elements__update__events'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__elements__update__events"() is 'public.tags_in_use: update on public.events. linear: the delta is the change of the view';
create trigger "penstock_99998_tags_in_use__elements__update__events" after update on "public"."events" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."tags_in_use__elements__update__events"();
alter table "public"."events" enable always trigger "penstock_99998_tags_in_use__elements__update__events";
create function "penstock_state"."tags_in_use__elements__delete__events"() returns trigger
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
    __added "penstock_state"."tags_in_use__elements"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    with delta as (
        select "c1__tag", "__key1", "__key2", sum(__w)::bigint as __w from (select "t_2"."tag" as "c1__tag", "e_1"."event_id" as "__key1", "t_2"."__ordinality" as "__key2", -1 as __w
        from old_rows as "e_1"
        cross join lateral rows from (unnest("e_1"."tags")) with ordinality as "t_2"("tag", "__ordinality")) as changes group by "c1__tag", "__key1", "__key2" having sum(__w) <> 0
    ),
    merged as (
        select distinct on (d."__key1", d."__key2") d."c1__tag", d."__key1", d."__key2", s.__ctid, d.__w > 0 as __alive
        from delta as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__elements" as t where t."__key1" = d."__key1" and t."__key2" = d."__key2" offset 0) as s on true
        order by d."__key1", d."__key2", d.__w desc
    ),
    updated as (
        update "penstock_state"."tags_in_use__elements" as s set "c1__tag" = m."c1__tag"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."c1__tag", m."__key1", m."__key2")::"penstock_state"."tags_in_use__elements"
    )
    select array_agg(row(m."c1__tag", m."__key1", m."__key2")::"penstock_state"."tags_in_use__elements") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__elements" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__elements" select * from unnest(__added);
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
                        select "t_2"."tag" as "c1__tag", "e_1"."event_id" as "__key1", "t_2"."__ordinality" as "__key2", -1 as __w
        from old_rows as "e_1"
        cross join lateral rows from (unnest("e_1"."tags")) with ordinality as "t_2"("tag", "__ordinality")
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from old_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.events', to_jsonb(r), array['event_id']::text[], __rows)
                into __place from (select * from old_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.events', __row, array['event_id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'tags_in_use', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__elements__delete__events'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__elements__delete__events"() is 'public.tags_in_use: delete on public.events. linear: the delta is the change of the view';
create trigger "penstock_99998_tags_in_use__elements__delete__events" after delete on "public"."events" referencing old table as old_rows for each statement execute function "penstock_state"."tags_in_use__elements__delete__events"();
alter table "public"."events" enable always trigger "penstock_99998_tags_in_use__elements__delete__events";
create trigger "penstock_99998_tags_in_use__elements__delete__events" after delete on "penstock_state"."held_old__public__events" referencing old table as old_rows for each statement execute function "penstock_state"."tags_in_use__elements__delete__events"();
alter table "penstock_state"."held_old__public__events" enable always trigger "penstock_99998_tags_in_use__elements__delete__events";
create trigger penstock_00000_protect
    before insert or update or delete or truncate on "penstock_state"."tags_in_use__elements"
    for each statement when (pg_catalog.pg_trigger_depth() = 0)
    execute function penstock.refuse_write('public.tags_in_use');
alter table "penstock_state"."tags_in_use__elements" enable always trigger penstock_00000_protect;

create function "penstock_state"."tags_in_use__groups__insert__tags_in_use__elements"() returns trigger
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
    __added "penstock_state"."tags_in_use__groups"[];
    __places tid[];
begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select "g_3"."label" as "label", 1 as __w
        from new_rows as "elements_4"
        cross join lateral (select * from "public"."tags" as "g_3" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "g_3"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, true as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive)
    into __added from merged as m;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "g_3"."label" as "label", 1 * "g_3".__w as __w
        from new_rows as "elements_4"
        cross join lateral (select * from (select "g_3"."label", "g_3"."tag", 1 as __w from "public"."tags" as "g_3" union all select "g_3"."label", "g_3"."tag", -1 as __w from "penstock_state"."held_new__public__tags" as "g_3" union all select "g_3"."label", "g_3"."tag", 1 as __w from "penstock_state"."held_old__public__tags" as "g_3") as "g_3" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "g_3"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."__count")::"penstock_state"."tags_in_use__groups"
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
    end if;
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__groups__insert__tags_in_use__elements'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__groups__insert__tags_in_use__elements"() is 'public.tags_in_use: insert on penstock_state.tags_in_use__elements. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99997_tags_in_use__groups__insert__tags_in_us_cc29129f" after insert on "penstock_state"."tags_in_use__elements" referencing new table as new_rows for each statement execute function "penstock_state"."tags_in_use__groups__insert__tags_in_use__elements"();
alter table "penstock_state"."tags_in_use__elements" enable always trigger "penstock_99997_tags_in_use__groups__insert__tags_in_us_cc29129f";
create function "penstock_state"."tags_in_use__groups__update__tags_in_use__elements"() returns trigger
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
    __added "penstock_state"."tags_in_use__groups"[];
    __places tid[];
begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select "g_3"."label" as "label", "elements_4".__w as __w
        from (select "c1__tag", sum(__w)::bigint as __w from (select "c1__tag", 1 as __w from new_rows union all select "c1__tag", -1 from old_rows) as changes group by "c1__tag" having sum(__w) <> 0) as "elements_4"
        cross join lateral (select * from "public"."tags" as "g_3" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "g_3"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."__count")::"penstock_state"."tags_in_use__groups"
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "g_3"."label" as "label", "elements_4".__w * "g_3".__w as __w
        from (select "c1__tag", sum(__w)::bigint as __w from (select "c1__tag", 1 as __w from new_rows union all select "c1__tag", -1 from old_rows) as changes group by "c1__tag" having sum(__w) <> 0) as "elements_4"
        cross join lateral (select * from (select "g_3"."label", "g_3"."tag", 1 as __w from "public"."tags" as "g_3" union all select "g_3"."label", "g_3"."tag", -1 as __w from "penstock_state"."held_new__public__tags" as "g_3" union all select "g_3"."label", "g_3"."tag", 1 as __w from "penstock_state"."held_old__public__tags" as "g_3") as "g_3" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "g_3"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."__count")::"penstock_state"."tags_in_use__groups"
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
    end if;
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__groups__update__tags_in_use__elements'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__groups__update__tags_in_use__elements"() is 'public.tags_in_use: update on penstock_state.tags_in_use__elements. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99997_tags_in_use__groups__update__tags_in_us_244e399a" after update on "penstock_state"."tags_in_use__elements" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."tags_in_use__groups__update__tags_in_use__elements"();
alter table "penstock_state"."tags_in_use__elements" enable always trigger "penstock_99997_tags_in_use__groups__update__tags_in_us_244e399a";
create function "penstock_state"."tags_in_use__groups__delete__tags_in_use__elements"() returns trigger
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
    __added "penstock_state"."tags_in_use__groups"[];
    __places tid[];
begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select "g_3"."label" as "label", -1 as __w
        from old_rows as "elements_4"
        cross join lateral (select * from "public"."tags" as "g_3" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "g_3"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."__count")::"penstock_state"."tags_in_use__groups"
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "g_3"."label" as "label", -1 * "g_3".__w as __w
        from old_rows as "elements_4"
        cross join lateral (select * from (select "g_3"."label", "g_3"."tag", 1 as __w from "public"."tags" as "g_3" union all select "g_3"."label", "g_3"."tag", -1 as __w from "penstock_state"."held_new__public__tags" as "g_3" union all select "g_3"."label", "g_3"."tag", 1 as __w from "penstock_state"."held_old__public__tags" as "g_3") as "g_3" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "g_3"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."__count")::"penstock_state"."tags_in_use__groups"
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
    end if;
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__groups__delete__tags_in_use__elements'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__groups__delete__tags_in_use__elements"() is 'public.tags_in_use: delete on penstock_state.tags_in_use__elements. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99997_tags_in_use__groups__delete__tags_in_us_2ab203fb" after delete on "penstock_state"."tags_in_use__elements" referencing old table as old_rows for each statement execute function "penstock_state"."tags_in_use__groups__delete__tags_in_use__elements"();
alter table "penstock_state"."tags_in_use__elements" enable always trigger "penstock_99997_tags_in_use__groups__delete__tags_in_us_2ab203fb";
create function "penstock_state"."tags_in_use__groups__insert__tags"() returns trigger
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
    __added "penstock_state"."tags_in_use__groups"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    if current_setting('penstock.late', true) = 'on' then
        perform penstock.take_late_turn(tg_relid);
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select "g_3"."label" as "label", 1 as __w
        from new_rows as "g_3"
        cross join lateral (select * from "penstock_state"."tags_in_use__elements" as "elements_4" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "elements_4"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, true as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive)
    into __added from merged as m;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "g_3"."label" as "label", 1 as __w
        from new_rows as "g_3"
        cross join lateral (select * from "penstock_state"."tags_in_use__elements" as "elements_4" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "elements_4"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."__count")::"penstock_state"."tags_in_use__groups"
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
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
                        select "g_3"."label" as "label", 1 as __w
        from new_rows as "g_3"
        cross join lateral (select * from "penstock_state"."tags_in_use__elements" as "elements_4" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "elements_4"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.tags', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.tags', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'tags_in_use', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__groups__insert__tags'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__groups__insert__tags"() is 'public.tags_in_use: insert on public.tags. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99997_tags_in_use__groups__insert__tags" after insert on "public"."tags" referencing new table as new_rows for each statement execute function "penstock_state"."tags_in_use__groups__insert__tags"();
alter table "public"."tags" enable always trigger "penstock_99997_tags_in_use__groups__insert__tags";
create trigger "penstock_99997_tags_in_use__groups__insert__tags" after delete on "penstock_state"."held_new__public__tags" referencing old table as new_rows for each statement execute function "penstock_state"."tags_in_use__groups__insert__tags"();
alter table "penstock_state"."held_new__public__tags" enable always trigger "penstock_99997_tags_in_use__groups__insert__tags";
create function "penstock_state"."tags_in_use__groups__update__tags"() returns trigger
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
    __added "penstock_state"."tags_in_use__groups"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select "g_3"."label" as "label", "g_3".__w as __w
        from (select "label", "tag", sum(__w)::bigint as __w from (select "label", "tag", 1 as __w from new_rows union all select "label", "tag", -1 from old_rows) as changes group by "label", "tag" having sum(__w) <> 0) as "g_3"
        cross join lateral (select * from "penstock_state"."tags_in_use__elements" as "elements_4" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "elements_4"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."__count")::"penstock_state"."tags_in_use__groups"
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "g_3"."label" as "label", "g_3".__w as __w
        from (select "label", "tag", sum(__w)::bigint as __w from (select "label", "tag", 1 as __w from new_rows union all select "label", "tag", -1 from old_rows) as changes group by "label", "tag" having sum(__w) <> 0) as "g_3"
        cross join lateral (select * from "penstock_state"."tags_in_use__elements" as "elements_4" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "elements_4"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."__count")::"penstock_state"."tags_in_use__groups"
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
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
                        with new_rows as (select * from new_rows offset __at limit 1), old_rows as (select * from old_rows limit 0)
                        select "g_3"."label" as "label", "g_3".__w as __w
        from (select "label", "tag", sum(__w)::bigint as __w from (select "label", "tag", 1 as __w from new_rows union all select "label", "tag", -1 from old_rows) as changes group by "label", "tag" having sum(__w) <> 0) as "g_3"
        cross join lateral (select * from "penstock_state"."tags_in_use__elements" as "elements_4" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "elements_4"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.tags', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.tags', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'tags_in_use', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__groups__update__tags'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__groups__update__tags"() is 'public.tags_in_use: update on public.tags. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99997_tags_in_use__groups__update__tags" after update on "public"."tags" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."tags_in_use__groups__update__tags"();
alter table "public"."tags" enable always trigger "penstock_99997_tags_in_use__groups__update__tags";
create function "penstock_state"."tags_in_use__groups__delete__tags"() returns trigger
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
    __added "penstock_state"."tags_in_use__groups"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select "g_3"."label" as "label", -1 as __w
        from old_rows as "g_3"
        cross join lateral (select * from "penstock_state"."tags_in_use__elements" as "elements_4" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "elements_4"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."__count")::"penstock_state"."tags_in_use__groups"
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "g_3"."label" as "label", -1 as __w
        from old_rows as "g_3"
        cross join lateral (select * from "penstock_state"."tags_in_use__elements" as "elements_4" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "elements_4"
    ),
    grouped as (
        select "label", sum(__w)::bigint as "__count"
        from delta group by "label"
    ),
    merged as (
        select d."label", coalesce(s."__count", 0) + d."__count" as "__count", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__groups" as t where array[t."label"] = array[d."label"] offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__groups" as s set "__count" = m."__count"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."__count")::"penstock_state"."tags_in_use__groups"
    )
    select array_agg(row(m."label", m."__count")::"penstock_state"."tags_in_use__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__groups" select * from unnest(__added);
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
            select count(*) into __rows from old_rows;
            for __at in 0 .. least(__rows, 1000) - 1 loop
                begin
                    perform count(made) from (
                        with old_rows as (select * from old_rows offset __at limit 1)
                        select "g_3"."label" as "label", -1 as __w
        from old_rows as "g_3"
        cross join lateral (select * from "penstock_state"."tags_in_use__elements" as "elements_4" where "g_3"."tag" = "elements_4"."c1__tag" offset 0) as "elements_4"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from old_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.tags', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from old_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.tags', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'tags_in_use', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__groups__delete__tags'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__groups__delete__tags"() is 'public.tags_in_use: delete on public.tags. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99997_tags_in_use__groups__delete__tags" after delete on "public"."tags" referencing old table as old_rows for each statement execute function "penstock_state"."tags_in_use__groups__delete__tags"();
alter table "public"."tags" enable always trigger "penstock_99997_tags_in_use__groups__delete__tags";
create trigger "penstock_99997_tags_in_use__groups__delete__tags" after delete on "penstock_state"."held_old__public__tags" referencing old table as old_rows for each statement execute function "penstock_state"."tags_in_use__groups__delete__tags"();
alter table "penstock_state"."held_old__public__tags" enable always trigger "penstock_99997_tags_in_use__groups__delete__tags";
create trigger penstock_00000_protect
    before insert or update or delete or truncate on "penstock_state"."tags_in_use__groups"
    for each statement when (pg_catalog.pg_trigger_depth() = 0)
    execute function penstock.refuse_write('public.tags_in_use');
alter table "penstock_state"."tags_in_use__groups" enable always trigger penstock_00000_protect;

create function "penstock_state"."tags_in_use__counted__insert__tags_in_use__groups"() returns trigger
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
    __added "penstock_state"."tags_in_use__counted"[];
    __places tid[];
begin
    with delta as (
        select "groups_5"."label" as "label", "groups_5"."__count" as "uses", TRUE as "__left", CAST(NULL AS BOOLEAN) as "__right", 1 as __w
        from new_rows as "groups_5"
    ),
    grouped as (
        select "label", "uses", sum(__w)::bigint as "__count", coalesce(sum(__w) filter (where "__left" is distinct from null), 0)::bigint as "__left", coalesce(sum(__w) filter (where "__right" is distinct from null), 0)::bigint as "__right"
        from delta group by "label", "uses"
    ),
    merged as (
        select d."label", d."uses", coalesce(s."__count", 0) + d."__count" as "__count", (coalesce(s."__left", 0) + d."__left")::bigint as "__left", (coalesce(s."__right", 0) + d."__right")::bigint as "__right", s.__ctid, true as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__counted" as t where array[t."label"] = array[d."label"] and t."uses" = d."uses" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__counted" as s set "__count" = m."__count", "__left" = m."__left", "__right" = m."__right"
        from merged as m
        where s.ctid = m.__ctid and m.__alive
    )
    select array_agg(row(m."label", m."uses", m."__count", m."__left", m."__right")::"penstock_state"."tags_in_use__counted") filter (where m.__ctid is null and m.__alive)
    into __added from merged as m;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__counted" select * from unnest(__added);
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__counted__insert__tags_in_use__groups'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__counted__insert__tags_in_use__groups"() is 'public.tags_in_use: insert on penstock_state.tags_in_use__groups. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99996_tags_in_use__counted__insert__tags_in_u_f8e86126" after insert on "penstock_state"."tags_in_use__groups" referencing new table as new_rows for each statement execute function "penstock_state"."tags_in_use__counted__insert__tags_in_use__groups"();
alter table "penstock_state"."tags_in_use__groups" enable always trigger "penstock_99996_tags_in_use__counted__insert__tags_in_u_f8e86126";
create function "penstock_state"."tags_in_use__counted__update__tags_in_use__groups"() returns trigger
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
    __added "penstock_state"."tags_in_use__counted"[];
    __places tid[];
begin
    with delta as (
        select "groups_5"."label" as "label", "groups_5"."__count" as "uses", TRUE as "__left", CAST(NULL AS BOOLEAN) as "__right", "groups_5".__w as __w
        from (select "__count", "label", sum(__w)::bigint as __w from (select "__count", "label", 1 as __w from new_rows union all select "__count", "label", -1 from old_rows) as changes group by "__count", "label" having sum(__w) <> 0) as "groups_5"
    ),
    grouped as (
        select "label", "uses", sum(__w)::bigint as "__count", coalesce(sum(__w) filter (where "__left" is distinct from null), 0)::bigint as "__left", coalesce(sum(__w) filter (where "__right" is distinct from null), 0)::bigint as "__right"
        from delta group by "label", "uses"
    ),
    merged as (
        select d."label", d."uses", coalesce(s."__count", 0) + d."__count" as "__count", (coalesce(s."__left", 0) + d."__left")::bigint as "__left", (coalesce(s."__right", 0) + d."__right")::bigint as "__right", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__counted" as t where array[t."label"] = array[d."label"] and t."uses" = d."uses" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__counted" as s set "__count" = m."__count", "__left" = m."__left", "__right" = m."__right"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."uses", m."__count", m."__left", m."__right")::"penstock_state"."tags_in_use__counted"
    )
    select array_agg(row(m."label", m."uses", m."__count", m."__left", m."__right")::"penstock_state"."tags_in_use__counted") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__counted" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__counted" select * from unnest(__added);
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__counted__update__tags_in_use__groups'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__counted__update__tags_in_use__groups"() is 'public.tags_in_use: update on penstock_state.tags_in_use__groups. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99996_tags_in_use__counted__update__tags_in_u_6c8f85cb" after update on "penstock_state"."tags_in_use__groups" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."tags_in_use__counted__update__tags_in_use__groups"();
alter table "penstock_state"."tags_in_use__groups" enable always trigger "penstock_99996_tags_in_use__counted__update__tags_in_u_6c8f85cb";
create function "penstock_state"."tags_in_use__counted__delete__tags_in_use__groups"() returns trigger
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
    __added "penstock_state"."tags_in_use__counted"[];
    __places tid[];
begin
    with delta as (
        select "groups_5"."label" as "label", "groups_5"."__count" as "uses", TRUE as "__left", CAST(NULL AS BOOLEAN) as "__right", -1 as __w
        from old_rows as "groups_5"
    ),
    grouped as (
        select "label", "uses", sum(__w)::bigint as "__count", coalesce(sum(__w) filter (where "__left" is distinct from null), 0)::bigint as "__left", coalesce(sum(__w) filter (where "__right" is distinct from null), 0)::bigint as "__right"
        from delta group by "label", "uses"
    ),
    merged as (
        select d."label", d."uses", coalesce(s."__count", 0) + d."__count" as "__count", (coalesce(s."__left", 0) + d."__left")::bigint as "__left", (coalesce(s."__right", 0) + d."__right")::bigint as "__right", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__counted" as t where array[t."label"] = array[d."label"] and t."uses" = d."uses" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__counted" as s set "__count" = m."__count", "__left" = m."__left", "__right" = m."__right"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."uses", m."__count", m."__left", m."__right")::"penstock_state"."tags_in_use__counted"
    )
    select array_agg(row(m."label", m."uses", m."__count", m."__left", m."__right")::"penstock_state"."tags_in_use__counted") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__counted" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__counted" select * from unnest(__added);
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__counted__delete__tags_in_use__groups'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__counted__delete__tags_in_use__groups"() is 'public.tags_in_use: delete on penstock_state.tags_in_use__groups. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99996_tags_in_use__counted__delete__tags_in_u_18de40ad" after delete on "penstock_state"."tags_in_use__groups" referencing old table as old_rows for each statement execute function "penstock_state"."tags_in_use__counted__delete__tags_in_use__groups"();
alter table "penstock_state"."tags_in_use__groups" enable always trigger "penstock_99996_tags_in_use__counted__delete__tags_in_u_18de40ad";
create function "penstock_state"."tags_in_use__counted__insert__tags"() returns trigger
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
    __added "penstock_state"."tags_in_use__counted"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    if current_setting('penstock.late', true) = 'on' then
        perform penstock.take_late_turn(tg_relid);
    end if;
    begin
    with delta as (
        select "tags_6"."label" as "label", CAST(1 AS BIGINT) as "uses", CAST(NULL AS BOOLEAN) as "__left", TRUE as "__right", 1 as __w
        from new_rows as "tags_6"
    ),
    grouped as (
        select "label", "uses", sum(__w)::bigint as "__count", coalesce(sum(__w) filter (where "__left" is distinct from null), 0)::bigint as "__left", coalesce(sum(__w) filter (where "__right" is distinct from null), 0)::bigint as "__right"
        from delta group by "label", "uses"
    ),
    merged as (
        select d."label", d."uses", coalesce(s."__count", 0) + d."__count" as "__count", (coalesce(s."__left", 0) + d."__left")::bigint as "__left", (coalesce(s."__right", 0) + d."__right")::bigint as "__right", s.__ctid, true as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__counted" as t where array[t."label"] = array[d."label"] and t."uses" = d."uses" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__counted" as s set "__count" = m."__count", "__left" = m."__left", "__right" = m."__right"
        from merged as m
        where s.ctid = m.__ctid and m.__alive
    )
    select array_agg(row(m."label", m."uses", m."__count", m."__left", m."__right")::"penstock_state"."tags_in_use__counted") filter (where m.__ctid is null and m.__alive)
    into __added from merged as m;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__counted" select * from unnest(__added);
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
                        select "tags_6"."label" as "label", CAST(1 AS BIGINT) as "uses", CAST(NULL AS BOOLEAN) as "__left", TRUE as "__right", 1 as __w
        from new_rows as "tags_6"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.tags', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.tags', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'tags_in_use', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__counted__insert__tags'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__counted__insert__tags"() is 'public.tags_in_use: insert on public.tags. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99996_tags_in_use__counted__insert__tags" after insert on "public"."tags" referencing new table as new_rows for each statement execute function "penstock_state"."tags_in_use__counted__insert__tags"();
alter table "public"."tags" enable always trigger "penstock_99996_tags_in_use__counted__insert__tags";
create trigger "penstock_99996_tags_in_use__counted__insert__tags" after delete on "penstock_state"."held_new__public__tags" referencing old table as new_rows for each statement execute function "penstock_state"."tags_in_use__counted__insert__tags"();
alter table "penstock_state"."held_new__public__tags" enable always trigger "penstock_99996_tags_in_use__counted__insert__tags";
create function "penstock_state"."tags_in_use__counted__update__tags"() returns trigger
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
    __added "penstock_state"."tags_in_use__counted"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    with delta as (
        select "tags_6"."label" as "label", CAST(1 AS BIGINT) as "uses", CAST(NULL AS BOOLEAN) as "__left", TRUE as "__right", "tags_6".__w as __w
        from (select "label", sum(__w)::bigint as __w from (select "label", 1 as __w from new_rows union all select "label", -1 from old_rows) as changes group by "label" having sum(__w) <> 0) as "tags_6"
    ),
    grouped as (
        select "label", "uses", sum(__w)::bigint as "__count", coalesce(sum(__w) filter (where "__left" is distinct from null), 0)::bigint as "__left", coalesce(sum(__w) filter (where "__right" is distinct from null), 0)::bigint as "__right"
        from delta group by "label", "uses"
    ),
    merged as (
        select d."label", d."uses", coalesce(s."__count", 0) + d."__count" as "__count", (coalesce(s."__left", 0) + d."__left")::bigint as "__left", (coalesce(s."__right", 0) + d."__right")::bigint as "__right", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__counted" as t where array[t."label"] = array[d."label"] and t."uses" = d."uses" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__counted" as s set "__count" = m."__count", "__left" = m."__left", "__right" = m."__right"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."uses", m."__count", m."__left", m."__right")::"penstock_state"."tags_in_use__counted"
    )
    select array_agg(row(m."label", m."uses", m."__count", m."__left", m."__right")::"penstock_state"."tags_in_use__counted") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__counted" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__counted" select * from unnest(__added);
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
                        select "tags_6"."label" as "label", CAST(1 AS BIGINT) as "uses", CAST(NULL AS BOOLEAN) as "__left", TRUE as "__right", "tags_6".__w as __w
        from (select "label", sum(__w)::bigint as __w from (select "label", 1 as __w from new_rows union all select "label", -1 from old_rows) as changes group by "label" having sum(__w) <> 0) as "tags_6"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.tags', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.tags', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'tags_in_use', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__counted__update__tags'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__counted__update__tags"() is 'public.tags_in_use: update on public.tags. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99996_tags_in_use__counted__update__tags" after update on "public"."tags" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."tags_in_use__counted__update__tags"();
alter table "public"."tags" enable always trigger "penstock_99996_tags_in_use__counted__update__tags";
create function "penstock_state"."tags_in_use__counted__delete__tags"() returns trigger
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
    __added "penstock_state"."tags_in_use__counted"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    with delta as (
        select "tags_6"."label" as "label", CAST(1 AS BIGINT) as "uses", CAST(NULL AS BOOLEAN) as "__left", TRUE as "__right", -1 as __w
        from old_rows as "tags_6"
    ),
    grouped as (
        select "label", "uses", sum(__w)::bigint as "__count", coalesce(sum(__w) filter (where "__left" is distinct from null), 0)::bigint as "__left", coalesce(sum(__w) filter (where "__right" is distinct from null), 0)::bigint as "__right"
        from delta group by "label", "uses"
    ),
    merged as (
        select d."label", d."uses", coalesce(s."__count", 0) + d."__count" as "__count", (coalesce(s."__left", 0) + d."__left")::bigint as "__left", (coalesce(s."__right", 0) + d."__right")::bigint as "__right", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use__counted" as t where array[t."label"] = array[d."label"] and t."uses" = d."uses" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."tags_in_use__counted" as s set "__count" = m."__count", "__left" = m."__left", "__right" = m."__right"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."label", m."uses", m."__count", m."__left", m."__right")::"penstock_state"."tags_in_use__counted"
    )
    select array_agg(row(m."label", m."uses", m."__count", m."__left", m."__right")::"penstock_state"."tags_in_use__counted") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use__counted" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use__counted" select * from unnest(__added);
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
                        select "tags_6"."label" as "label", CAST(1 AS BIGINT) as "uses", CAST(NULL AS BOOLEAN) as "__left", TRUE as "__right", -1 as __w
        from old_rows as "tags_6"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from old_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.tags', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from old_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.tags', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'tags_in_use', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__counted__delete__tags'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__counted__delete__tags"() is 'public.tags_in_use: delete on public.tags. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99996_tags_in_use__counted__delete__tags" after delete on "public"."tags" referencing old table as old_rows for each statement execute function "penstock_state"."tags_in_use__counted__delete__tags"();
alter table "public"."tags" enable always trigger "penstock_99996_tags_in_use__counted__delete__tags";
create trigger "penstock_99996_tags_in_use__counted__delete__tags" after delete on "penstock_state"."held_old__public__tags" referencing old table as old_rows for each statement execute function "penstock_state"."tags_in_use__counted__delete__tags"();
alter table "penstock_state"."held_old__public__tags" enable always trigger "penstock_99996_tags_in_use__counted__delete__tags";
create trigger penstock_00000_protect
    before insert or update or delete or truncate on "penstock_state"."tags_in_use__counted"
    for each statement when (pg_catalog.pg_trigger_depth() = 0)
    execute function penstock.refuse_write('public.tags_in_use');
alter table "penstock_state"."tags_in_use__counted" enable always trigger penstock_00000_protect;

create function "penstock_state"."tags_in_use__insert__tags_in_use__counted"() returns trigger
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
    __added "penstock_state"."tags_in_use"[];
    __places tid[];
begin
    insert into "penstock_state"."tags_in_use" ("label", "uses", "__key3")
    select "label", "uses", "__key3" from (
        select "rows_7"."label" as "label", "rows_7"."uses" as "uses", "copies_8"."__ordinality" as "__key3", 1 as __w
        from new_rows as "rows_7"
        cross join lateral rows from (generate_series(1, least("rows_7"."__left", "rows_7"."__right"))) with ordinality as "copies_8"("copy", "__ordinality")
    ) as delta;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__insert__tags_in_use__counted'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__insert__tags_in_use__counted"() is 'public.tags_in_use: insert on penstock_state.tags_in_use__counted. linear: the delta is the change of the view';
create trigger "penstock_99995_tags_in_use__insert__tags_in_use__counted" after insert on "penstock_state"."tags_in_use__counted" referencing new table as new_rows for each statement execute function "penstock_state"."tags_in_use__insert__tags_in_use__counted"();
alter table "penstock_state"."tags_in_use__counted" enable always trigger "penstock_99995_tags_in_use__insert__tags_in_use__counted";
create function "penstock_state"."tags_in_use__update__tags_in_use__counted"() returns trigger
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
    __added "penstock_state"."tags_in_use"[];
    __places tid[];
begin
    if exists (select from new_rows offset 100) or exists (
        select "__left", "__right", "label", "uses", sum(__w)::bigint as __w from (select "__left", "__right", "label", "uses", 1 as __w from new_rows union all select "__left", "__right", "label", "uses", -1 from old_rows) as changes group by "__left", "__right", "label", "uses" having sum(__w) <> 0
    ) then
    with delta as (
        select "label", "uses", "__key3", sum(__w)::bigint as __w from (select "rows_7"."label" as "label", "rows_7"."uses" as "uses", "copies_8"."__ordinality" as "__key3", "rows_7".__w as __w
        from (select "__left", "__right", "label", "uses", sum(__w)::bigint as __w from (select "__left", "__right", "label", "uses", 1 as __w from new_rows union all select "__left", "__right", "label", "uses", -1 from old_rows) as changes group by "__left", "__right", "label", "uses" having sum(__w) <> 0) as "rows_7"
        cross join lateral rows from (generate_series(1, least("rows_7"."__left", "rows_7"."__right"))) with ordinality as "copies_8"("copy", "__ordinality")) as changes group by "label", "uses", "__key3" having sum(__w) <> 0
    ),
    merged as (
        select distinct on (d."label", d."uses", d."__key3") d."label", d."uses", d."__key3", s.__ctid, d.__w > 0 as __alive
        from delta as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use" as t where array[t."label"] = array[d."label"] and t."uses" = d."uses" and t."__key3" = d."__key3" offset 0) as s on true
        order by d."label", d."uses", d."__key3", d.__w desc
    )
    select array_agg(row(m."label", m."uses", m."__key3")::"penstock_state"."tags_in_use") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use" select * from unnest(__added);
    end if;
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__update__tags_in_use__counted'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__update__tags_in_use__counted"() is 'public.tags_in_use: update on penstock_state.tags_in_use__counted. linear: the delta is the change of the view';
create trigger "penstock_99995_tags_in_use__update__tags_in_use__counted" after update on "penstock_state"."tags_in_use__counted" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."tags_in_use__update__tags_in_use__counted"();
alter table "penstock_state"."tags_in_use__counted" enable always trigger "penstock_99995_tags_in_use__update__tags_in_use__counted";
create function "penstock_state"."tags_in_use__delete__tags_in_use__counted"() returns trigger
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
    __added "penstock_state"."tags_in_use"[];
    __places tid[];
begin
    with delta as (
        select "label", "uses", "__key3", sum(__w)::bigint as __w from (select "rows_7"."label" as "label", "rows_7"."uses" as "uses", "copies_8"."__ordinality" as "__key3", -1 as __w
        from old_rows as "rows_7"
        cross join lateral rows from (generate_series(1, least("rows_7"."__left", "rows_7"."__right"))) with ordinality as "copies_8"("copy", "__ordinality")) as changes group by "label", "uses", "__key3" having sum(__w) <> 0
    ),
    merged as (
        select distinct on (d."label", d."uses", d."__key3") d."label", d."uses", d."__key3", s.__ctid, d.__w > 0 as __alive
        from delta as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."tags_in_use" as t where array[t."label"] = array[d."label"] and t."uses" = d."uses" and t."__key3" = d."__key3" offset 0) as s on true
        order by d."label", d."uses", d."__key3", d.__w desc
    )
    select array_agg(row(m."label", m."uses", m."__key3")::"penstock_state"."tags_in_use") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."tags_in_use" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."tags_in_use" select * from unnest(__added);
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.tags_in_use', 'tags_in_use__delete__tags_in_use__counted'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."tags_in_use__delete__tags_in_use__counted"() is 'public.tags_in_use: delete on penstock_state.tags_in_use__counted. linear: the delta is the change of the view';
create trigger "penstock_99995_tags_in_use__delete__tags_in_use__counted" after delete on "penstock_state"."tags_in_use__counted" referencing old table as old_rows for each statement execute function "penstock_state"."tags_in_use__delete__tags_in_use__counted"();
alter table "penstock_state"."tags_in_use__counted" enable always trigger "penstock_99995_tags_in_use__delete__tags_in_use__counted";
create trigger penstock_00000_protect
    before insert or update or delete or truncate on "penstock_state"."tags_in_use"
    for each statement when (pg_catalog.pg_trigger_depth() = 0)
    execute function penstock.refuse_write('public.tags_in_use');
alter table "penstock_state"."tags_in_use" enable always trigger penstock_00000_protect;

create or replace view "public"."tags_in_use" as select "state"."label" as "label", "state"."uses" as "uses" from "penstock_state"."tags_in_use" as "state"
