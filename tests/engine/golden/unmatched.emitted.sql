-- what unmatched.sql compiles to; written by `make golden`
create unlogged table "penstock_state"."held_new__public__a" (__held boolean);
create unlogged table "penstock_state"."held_old__public__a" (__held boolean);
alter table "penstock_state"."held_new__public__a" add column if not exists "k" integer;
alter table "penstock_state"."held_new__public__a" add column if not exists "x" text;
alter table "penstock_state"."held_old__public__a" add column if not exists "k" integer;
alter table "penstock_state"."held_old__public__a" add column if not exists "x" text;
create or replace function "penstock_state"."apply__public__a"() returns trigger
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
        insert into "penstock_state"."held_new__public__a" (__held, "k", "x") values (true, new."k", new."x");
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__a" (__held, "k", "x") values (true, old."k", old."x");
    end if;
    perform set_config('penstock.open', '0', true);
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__a"'::regclass, '"penstock_state"."held_old__public__a"'::regclass);
    perform set_config('penstock.skip', '', true);
    return null;
end
$guard$;
create or replace function "penstock_state"."capture__public__a"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if tg_when = 'BEFORE' then
        -- TRUNCATE of a partitioned table fires for each partition too: each tells its own rows.
        execute 'insert into "penstock_state"."held_old__public__a" (__held, "k", "x") select true, "k", "x" from only ' || tg_relid::regclass;
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__a"'::regclass, '"penstock_state"."held_old__public__a"'::regclass);
        return null;
    end if;
    perform set_config(
        'penstock.open', (current_setting('penstock.open')::int - 1)::text, true
    );
    if tg_op = 'TRUNCATE' then
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__a"'::regclass, '"penstock_state"."held_old__public__a"'::regclass);
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
        insert into "penstock_state"."held_new__public__a" (__held, "k", "x") select true, "k", "x" from new_rows;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__a" (__held, "k", "x") select true, "k", "x" from old_rows;
    end if;
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__a"'::regclass, '"penstock_state"."held_old__public__a"'::regclass);
    return null;
end
$guard$;

drop trigger if exists penstock_00000_capture_insert on "public"."a";
create trigger penstock_00000_capture_insert
    after insert on "public"."a" referencing new table as new_rows for each statement execute function "penstock_state"."capture__public__a"();
alter table "public"."a" enable always trigger penstock_00000_capture_insert;
drop trigger if exists penstock_00000_capture_update on "public"."a";
create trigger penstock_00000_capture_update
    after update on "public"."a" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."capture__public__a"();
alter table "public"."a" enable always trigger penstock_00000_capture_update;
drop trigger if exists penstock_00000_capture_delete on "public"."a";
create trigger penstock_00000_capture_delete
    after delete on "public"."a" referencing old table as old_rows for each statement execute function "penstock_state"."capture__public__a"();
alter table "public"."a" enable always trigger penstock_00000_capture_delete;
drop trigger if exists penstock_00000_capture_truncate_before on "public"."a";
create trigger penstock_00000_capture_truncate_before
    before truncate on "public"."a"  for each statement execute function "penstock_state"."capture__public__a"();
alter table "public"."a" enable always trigger penstock_00000_capture_truncate_before;
drop trigger if exists penstock_00000_capture_truncate_after on "public"."a";
create trigger penstock_00000_capture_truncate_after
    after truncate on "public"."a"  for each statement execute function "penstock_state"."capture__public__a"();
alter table "public"."a" enable always trigger penstock_00000_capture_truncate_after;

create unlogged table "penstock_state"."held_new__public__b" (__held boolean);
create unlogged table "penstock_state"."held_old__public__b" (__held boolean);
alter table "penstock_state"."held_new__public__b" add column if not exists "k" integer;
alter table "penstock_state"."held_old__public__b" add column if not exists "k" integer;
create or replace function "penstock_state"."apply__public__b"() returns trigger
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
        insert into "penstock_state"."held_new__public__b" (__held, "k") values (true, new."k");
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__b" (__held, "k") values (true, old."k");
    end if;
    perform set_config('penstock.open', '0', true);
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__b"'::regclass, '"penstock_state"."held_old__public__b"'::regclass);
    perform set_config('penstock.skip', '', true);
    return null;
end
$guard$;
create or replace function "penstock_state"."capture__public__b"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if tg_when = 'BEFORE' then
        -- TRUNCATE of a partitioned table fires for each partition too: each tells its own rows.
        execute 'insert into "penstock_state"."held_old__public__b" (__held, "k") select true, "k" from only ' || tg_relid::regclass;
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__b"'::regclass, '"penstock_state"."held_old__public__b"'::regclass);
        return null;
    end if;
    perform set_config(
        'penstock.open', (current_setting('penstock.open')::int - 1)::text, true
    );
    if tg_op = 'TRUNCATE' then
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__b"'::regclass, '"penstock_state"."held_old__public__b"'::regclass);
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
        insert into "penstock_state"."held_new__public__b" (__held, "k") select true, "k" from new_rows;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__b" (__held, "k") select true, "k" from old_rows;
    end if;
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__b"'::regclass, '"penstock_state"."held_old__public__b"'::regclass);
    return null;
end
$guard$;

drop trigger if exists penstock_00000_capture_insert on "public"."b";
create trigger penstock_00000_capture_insert
    after insert on "public"."b" referencing new table as new_rows for each statement execute function "penstock_state"."capture__public__b"();
alter table "public"."b" enable always trigger penstock_00000_capture_insert;
drop trigger if exists penstock_00000_capture_update on "public"."b";
create trigger penstock_00000_capture_update
    after update on "public"."b" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."capture__public__b"();
alter table "public"."b" enable always trigger penstock_00000_capture_update;
drop trigger if exists penstock_00000_capture_delete on "public"."b";
create trigger penstock_00000_capture_delete
    after delete on "public"."b" referencing old table as old_rows for each statement execute function "penstock_state"."capture__public__b"();
alter table "public"."b" enable always trigger penstock_00000_capture_delete;
drop trigger if exists penstock_00000_capture_truncate_before on "public"."b";
create trigger penstock_00000_capture_truncate_before
    before truncate on "public"."b"  for each statement execute function "penstock_state"."capture__public__b"();
alter table "public"."b" enable always trigger penstock_00000_capture_truncate_before;
drop trigger if exists penstock_00000_capture_truncate_after on "public"."b";
create trigger penstock_00000_capture_truncate_after
    after truncate on "public"."b"  for each statement execute function "penstock_state"."capture__public__b"();
alter table "public"."b" enable always trigger penstock_00000_capture_truncate_after;

create sequence if not exists "penstock_state"."pipeline_1" minvalue 0;
drop trigger if exists penstock_00000_before on "public"."a";
create trigger penstock_00000_before
    before insert or update or delete or truncate on "public"."a"
    for each statement execute function penstock.before_change(1, '"penstock_state"."pipeline_1"');
alter table "public"."a" enable always trigger penstock_00000_before;
drop trigger if exists penstock_00000_apply on "public"."a";
create trigger penstock_00000_apply after insert or update or delete on "public"."a"
    for each row execute function "penstock_state"."apply__public__a"(1, '"penstock_state"."pipeline_1"');
alter table "public"."a" enable replica trigger penstock_00000_apply;

create sequence if not exists "penstock_state"."pipeline_1" minvalue 0;
drop trigger if exists penstock_00000_before on "public"."b";
create trigger penstock_00000_before
    before insert or update or delete or truncate on "public"."b"
    for each statement execute function penstock.before_change(1, '"penstock_state"."pipeline_1"');
alter table "public"."b" enable always trigger penstock_00000_before;
drop trigger if exists penstock_00000_apply on "public"."b";
create trigger penstock_00000_apply after insert or update or delete on "public"."b"
    for each row execute function "penstock_state"."apply__public__b"(1, '"penstock_state"."pipeline_1"');
alter table "public"."b" enable replica trigger penstock_00000_apply;

create table "penstock_state"."unmatched" with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2) as
select distinct on ("__row") "__row", "x", count(*) over (partition by "__row") as "__n" from (select *, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x"
    from "public"."a" as "a_1"
    where not exists (select from "public"."b" as "b_2" where "a_1"."k" = "b_2"."k")) as rows) as named;
alter table "penstock_state"."unmatched" alter column "__row" set not null;
alter table "penstock_state"."unmatched" alter column "__n" set not null;
alter table "penstock_state"."unmatched" alter column "__row" set statistics 0;
create unique index on "penstock_state"."unmatched" ("__row");

create index if not exists "penstock_56c80b3403dd" on "public"."a" ("k")

create index if not exists "penstock_d8c3092d6717" on "public"."b" ("k")

create function "penstock_state"."unmatched__insert__a"() returns trigger
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
    __added "penstock_state"."unmatched"[];
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
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", 1 as __w
        from new_rows as "a_1"
        where not exists (select from "public"."b" as "b_2" where "a_1"."k" = "b_2"."k" offset 0)) as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, true as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive)
    into __added from merged as m;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", 1 as __w
        from new_rows as "a_1"
        where not exists (select from lateral (select was."k" from (select "k", sum(__w)::bigint as __w from (select "b_2"."k", 1 as __w from "public"."b" as "b_2" where "a_1"."k" = "b_2"."k" union all select "b_2"."k", -1 as __w from "penstock_state"."held_new__public__b" as "b_2" where "a_1"."k" = "b_2"."k" union all select "b_2"."k", 1 as __w from "penstock_state"."held_old__public__b" as "b_2" where "a_1"."k" = "b_2"."k") as changes group by "k" having sum(__w) <> 0) as was cross join generate_series(1, was.__w)) as "b_2" where "a_1"."k" = "b_2"."k" offset 0)) as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
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
                        select "a_1"."x" as "x", 1 as __w
        from new_rows as "a_1"
        where not exists (select from "public"."b" as "b_2" where "a_1"."k" = "b_2"."k" offset 0)
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.a', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.a', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'unmatched', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.unmatched', 'unmatched__insert__a'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."unmatched__insert__a"() is 'public.unmatched: insert on public.a. linear: the delta adds to multiplicities';
create trigger "penstock_99998_unmatched__insert__a" after insert on "public"."a" referencing new table as new_rows for each statement execute function "penstock_state"."unmatched__insert__a"();
alter table "public"."a" enable always trigger "penstock_99998_unmatched__insert__a";
create trigger "penstock_99998_unmatched__insert__a" after delete on "penstock_state"."held_new__public__a" referencing old table as new_rows for each statement execute function "penstock_state"."unmatched__insert__a"();
alter table "penstock_state"."held_new__public__a" enable always trigger "penstock_99998_unmatched__insert__a";
create function "penstock_state"."unmatched__update__a"() returns trigger
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
    __added "penstock_state"."unmatched"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", "a_1".__w as __w
        from (select "k", "x", sum(__w)::bigint as __w from (select "k", "x", 1 as __w from new_rows union all select "k", "x", -1 from old_rows) as changes group by "k", "x" having sum(__w) <> 0) as "a_1"
        where not exists (select from "public"."b" as "b_2" where "a_1"."k" = "b_2"."k" offset 0)) as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", "a_1".__w as __w
        from (select "k", "x", sum(__w)::bigint as __w from (select "k", "x", 1 as __w from new_rows union all select "k", "x", -1 from old_rows) as changes group by "k", "x" having sum(__w) <> 0) as "a_1"
        where not exists (select from lateral (select was."k" from (select "k", sum(__w)::bigint as __w from (select "b_2"."k", 1 as __w from "public"."b" as "b_2" where "a_1"."k" = "b_2"."k" union all select "b_2"."k", -1 as __w from "penstock_state"."held_new__public__b" as "b_2" where "a_1"."k" = "b_2"."k" union all select "b_2"."k", 1 as __w from "penstock_state"."held_old__public__b" as "b_2" where "a_1"."k" = "b_2"."k") as changes group by "k" having sum(__w) <> 0) as was cross join generate_series(1, was.__w)) as "b_2" where "a_1"."k" = "b_2"."k" offset 0)) as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
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
                        select "a_1"."x" as "x", "a_1".__w as __w
        from (select "k", "x", sum(__w)::bigint as __w from (select "k", "x", 1 as __w from new_rows union all select "k", "x", -1 from old_rows) as changes group by "k", "x" having sum(__w) <> 0) as "a_1"
        where not exists (select from "public"."b" as "b_2" where "a_1"."k" = "b_2"."k" offset 0)
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.a', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.a', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'unmatched', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.unmatched', 'unmatched__update__a'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."unmatched__update__a"() is 'public.unmatched: update on public.a. linear: the delta adds to multiplicities';
create trigger "penstock_99998_unmatched__update__a" after update on "public"."a" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."unmatched__update__a"();
alter table "public"."a" enable always trigger "penstock_99998_unmatched__update__a";
create function "penstock_state"."unmatched__delete__a"() returns trigger
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
    __added "penstock_state"."unmatched"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", -1 as __w
        from old_rows as "a_1"
        where not exists (select from "public"."b" as "b_2" where "a_1"."k" = "b_2"."k" offset 0)) as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", -1 as __w
        from old_rows as "a_1"
        where not exists (select from lateral (select was."k" from (select "k", sum(__w)::bigint as __w from (select "b_2"."k", 1 as __w from "public"."b" as "b_2" where "a_1"."k" = "b_2"."k" union all select "b_2"."k", -1 as __w from "penstock_state"."held_new__public__b" as "b_2" where "a_1"."k" = "b_2"."k" union all select "b_2"."k", 1 as __w from "penstock_state"."held_old__public__b" as "b_2" where "a_1"."k" = "b_2"."k") as changes group by "k" having sum(__w) <> 0) as was cross join generate_series(1, was.__w)) as "b_2" where "a_1"."k" = "b_2"."k" offset 0)) as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
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
                        select "a_1"."x" as "x", -1 as __w
        from old_rows as "a_1"
        where not exists (select from "public"."b" as "b_2" where "a_1"."k" = "b_2"."k" offset 0)
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from old_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.a', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from old_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.a', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'unmatched', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.unmatched', 'unmatched__delete__a'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."unmatched__delete__a"() is 'public.unmatched: delete on public.a. linear: the delta adds to multiplicities';
create trigger "penstock_99998_unmatched__delete__a" after delete on "public"."a" referencing old table as old_rows for each statement execute function "penstock_state"."unmatched__delete__a"();
alter table "public"."a" enable always trigger "penstock_99998_unmatched__delete__a";
create trigger "penstock_99998_unmatched__delete__a" after delete on "penstock_state"."held_old__public__a" referencing old table as old_rows for each statement execute function "penstock_state"."unmatched__delete__a"();
alter table "penstock_state"."held_old__public__a" enable always trigger "penstock_99998_unmatched__delete__a";
create function "penstock_state"."unmatched__insert__b"() returns trigger
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
    __added "penstock_state"."unmatched"[];
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
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", "b_2".__w as __w
        from (select __k1, -came as __w from (select __k1, case when now_there > 0 then 1 else -1 end as came from (select net.*, (select coalesce(sum(w), 0) from (select 1 as w from "public"."b" as "b_2" where "b_2"."k" = net.__k1 limit greatest(net.net, 0) + 1) as there) as now_there from (select "b_2"."k" as __k1, sum(1) as net from new_rows as "b_2" where "b_2"."k" is distinct from null group by 1 having sum(1) <> 0) as net) as counted where (now_there > 0) <> (now_there - net > 0)) as flips) as "b_2"
        cross join lateral (select * from "public"."a" as "a_1" where "a_1"."k" = "b_2"."__k1" offset 0) as "a_1") as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", "b_2".__w * "a_1".__w as __w
        from (select __k1, -came as __w from (select __k1, case when now_there > 0 then 1 else -1 end as came from (select net.*, (select coalesce(sum(w), 0) from (select "b_2".__w as w from (select "t"."k", 1 as __w from "public"."b" as "t" union all select "t"."k", -1 as __w from "penstock_state"."held_new__public__b" as "t" union all select "t"."k", 1 as __w from "penstock_state"."held_old__public__b" as "t") as "b_2" where "b_2"."k" = net.__k1) as there) as now_there from (select "b_2"."k" as __k1, sum(1) as net from new_rows as "b_2" where "b_2"."k" is distinct from null group by 1 having sum(1) <> 0) as net) as counted where (now_there > 0) <> (now_there - net > 0)) as flips) as "b_2"
        cross join lateral (select * from (select "a_1"."k", "a_1"."x", 1 as __w from "public"."a" as "a_1" union all select "a_1"."k", "a_1"."x", -1 as __w from "penstock_state"."held_new__public__a" as "a_1" union all select "a_1"."k", "a_1"."x", 1 as __w from "penstock_state"."held_old__public__a" as "a_1") as "a_1" where "a_1"."k" = "b_2"."__k1" offset 0) as "a_1") as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
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
                        select "a_1"."x" as "x", "b_2".__w as __w
        from (select __k1, -came as __w from (select __k1, case when now_there > 0 then 1 else -1 end as came from (select net.*, (select coalesce(sum(w), 0) from (select 1 as w from "public"."b" as "b_2" where "b_2"."k" = net.__k1 limit greatest(net.net, 0) + 1) as there) as now_there from (select "b_2"."k" as __k1, sum(1) as net from new_rows as "b_2" where "b_2"."k" is distinct from null group by 1 having sum(1) <> 0) as net) as counted where (now_there > 0) <> (now_there - net > 0)) as flips) as "b_2"
        cross join lateral (select * from "public"."a" as "a_1" where "a_1"."k" = "b_2"."__k1" offset 0) as "a_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.b', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.b', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'unmatched', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.unmatched', 'unmatched__insert__b'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."unmatched__insert__b"() is 'public.unmatched: insert on public.b. linear: the delta adds to multiplicities';
create trigger "penstock_99998_unmatched__insert__b" after insert on "public"."b" referencing new table as new_rows for each statement execute function "penstock_state"."unmatched__insert__b"();
alter table "public"."b" enable always trigger "penstock_99998_unmatched__insert__b";
create trigger "penstock_99998_unmatched__insert__b" after delete on "penstock_state"."held_new__public__b" referencing old table as new_rows for each statement execute function "penstock_state"."unmatched__insert__b"();
alter table "penstock_state"."held_new__public__b" enable always trigger "penstock_99998_unmatched__insert__b";
create function "penstock_state"."unmatched__update__b"() returns trigger
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
    __added "penstock_state"."unmatched"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", "b_2".__w as __w
        from (select __k1, -came as __w from (select __k1, case when now_there > 0 then 1 else -1 end as came from (select net.*, (select coalesce(sum(w), 0) from (select 1 as w from "public"."b" as "b_2" where "b_2"."k" = net.__k1 limit greatest(net.net, 0) + 1) as there) as now_there from (select "b_2"."k" as __k1, sum("b_2".__w) as net from (select "k", sum(__w)::bigint as __w from (select "k", 1 as __w from new_rows union all select "k", -1 from old_rows) as changes group by "k" having sum(__w) <> 0) as "b_2" where "b_2"."k" is distinct from null group by 1 having sum("b_2".__w) <> 0) as net) as counted where (now_there > 0) <> (now_there - net > 0)) as flips) as "b_2"
        cross join lateral (select * from "public"."a" as "a_1" where "a_1"."k" = "b_2"."__k1" offset 0) as "a_1") as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", "b_2".__w * "a_1".__w as __w
        from (select __k1, -came as __w from (select __k1, case when now_there > 0 then 1 else -1 end as came from (select net.*, (select coalesce(sum(w), 0) from (select "b_2".__w as w from (select "t"."k", 1 as __w from "public"."b" as "t" union all select "t"."k", -1 as __w from "penstock_state"."held_new__public__b" as "t" union all select "t"."k", 1 as __w from "penstock_state"."held_old__public__b" as "t") as "b_2" where "b_2"."k" = net.__k1) as there) as now_there from (select "b_2"."k" as __k1, sum("b_2".__w) as net from (select "k", sum(__w)::bigint as __w from (select "k", 1 as __w from new_rows union all select "k", -1 from old_rows) as changes group by "k" having sum(__w) <> 0) as "b_2" where "b_2"."k" is distinct from null group by 1 having sum("b_2".__w) <> 0) as net) as counted where (now_there > 0) <> (now_there - net > 0)) as flips) as "b_2"
        cross join lateral (select * from (select "a_1"."k", "a_1"."x", 1 as __w from "public"."a" as "a_1" union all select "a_1"."k", "a_1"."x", -1 as __w from "penstock_state"."held_new__public__a" as "a_1" union all select "a_1"."k", "a_1"."x", 1 as __w from "penstock_state"."held_old__public__a" as "a_1") as "a_1" where "a_1"."k" = "b_2"."__k1" offset 0) as "a_1") as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
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
                        select "a_1"."x" as "x", "b_2".__w as __w
        from (select __k1, -came as __w from (select __k1, case when now_there > 0 then 1 else -1 end as came from (select net.*, (select coalesce(sum(w), 0) from (select 1 as w from "public"."b" as "b_2" where "b_2"."k" = net.__k1 limit greatest(net.net, 0) + 1) as there) as now_there from (select "b_2"."k" as __k1, sum("b_2".__w) as net from (select "k", sum(__w)::bigint as __w from (select "k", 1 as __w from new_rows union all select "k", -1 from old_rows) as changes group by "k" having sum(__w) <> 0) as "b_2" where "b_2"."k" is distinct from null group by 1 having sum("b_2".__w) <> 0) as net) as counted where (now_there > 0) <> (now_there - net > 0)) as flips) as "b_2"
        cross join lateral (select * from "public"."a" as "a_1" where "a_1"."k" = "b_2"."__k1" offset 0) as "a_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.b', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.b', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'unmatched', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.unmatched', 'unmatched__update__b'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."unmatched__update__b"() is 'public.unmatched: update on public.b. linear: the delta adds to multiplicities';
create trigger "penstock_99998_unmatched__update__b" after update on "public"."b" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."unmatched__update__b"();
alter table "public"."b" enable always trigger "penstock_99998_unmatched__update__b";
create function "penstock_state"."unmatched__delete__b"() returns trigger
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
    __added "penstock_state"."unmatched"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", "b_2".__w as __w
        from (select __k1, -came as __w from (select __k1, case when now_there > 0 then 1 else -1 end as came from (select net.*, (select coalesce(sum(w), 0) from (select 1 as w from "public"."b" as "b_2" where "b_2"."k" = net.__k1 limit greatest(net.net, 0) + 1) as there) as now_there from (select "b_2"."k" as __k1, sum(-1) as net from old_rows as "b_2" where "b_2"."k" is distinct from null group by 1 having sum(-1) <> 0) as net) as counted where (now_there > 0) <> (now_there - net > 0)) as flips) as "b_2"
        cross join lateral (select * from "public"."a" as "a_1" where "a_1"."k" = "b_2"."__k1" offset 0) as "a_1") as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select rows.*, sha256(convert_to(row(rows."x")::text, 'UTF8')) as "__row" from (select "a_1"."x" as "x", "b_2".__w * "a_1".__w as __w
        from (select __k1, -came as __w from (select __k1, case when now_there > 0 then 1 else -1 end as came from (select net.*, (select coalesce(sum(w), 0) from (select "b_2".__w as w from (select "t"."k", 1 as __w from "public"."b" as "t" union all select "t"."k", -1 as __w from "penstock_state"."held_new__public__b" as "t" union all select "t"."k", 1 as __w from "penstock_state"."held_old__public__b" as "t") as "b_2" where "b_2"."k" = net.__k1) as there) as now_there from (select "b_2"."k" as __k1, sum(-1) as net from old_rows as "b_2" where "b_2"."k" is distinct from null group by 1 having sum(-1) <> 0) as net) as counted where (now_there > 0) <> (now_there - net > 0)) as flips) as "b_2"
        cross join lateral (select * from (select "a_1"."k", "a_1"."x", 1 as __w from "public"."a" as "a_1" union all select "a_1"."k", "a_1"."x", -1 as __w from "penstock_state"."held_new__public__a" as "a_1" union all select "a_1"."k", "a_1"."x", 1 as __w from "penstock_state"."held_old__public__a" as "a_1") as "a_1" where "a_1"."k" = "b_2"."__k1" offset 0) as "a_1") as rows
    ),
    grouped as (
        select "__row", (array_agg("x"))[1] as "x", sum(__w)::bigint as "__n"
        from delta group by "__row"
    ),
    merged as (
        select d."__row", case when s.__ctid is null then d."x" else s."x" end as "x", coalesce(s."__n", 0) + d."__n" as "__n", s.__ctid, coalesce(s."__n", 0) + d."__n" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."unmatched" as t where t."__row" = d."__row" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."unmatched" as s set "x" = m."x", "__n" = m."__n"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."__row", m."x", m."__n")::"penstock_state"."unmatched"
    )
    select array_agg(row(m."__row", m."x", m."__n")::"penstock_state"."unmatched") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."unmatched" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."unmatched" select * from unnest(__added);
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
                        select "a_1"."x" as "x", "b_2".__w as __w
        from (select __k1, -came as __w from (select __k1, case when now_there > 0 then 1 else -1 end as came from (select net.*, (select coalesce(sum(w), 0) from (select 1 as w from "public"."b" as "b_2" where "b_2"."k" = net.__k1 limit greatest(net.net, 0) + 1) as there) as now_there from (select "b_2"."k" as __k1, sum(-1) as net from old_rows as "b_2" where "b_2"."k" is distinct from null group by 1 having sum(-1) <> 0) as net) as counted where (now_there > 0) <> (now_there - net > 0)) as flips) as "b_2"
        cross join lateral (select * from "public"."a" as "a_1" where "a_1"."k" = "b_2"."__k1" offset 0) as "a_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from old_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.b', to_jsonb(r), array[]::text[], __rows)
                into __place from (select * from old_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.b', __row, array[]::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'unmatched', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.unmatched', 'unmatched__delete__b'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."unmatched__delete__b"() is 'public.unmatched: delete on public.b. linear: the delta adds to multiplicities';
create trigger "penstock_99998_unmatched__delete__b" after delete on "public"."b" referencing old table as old_rows for each statement execute function "penstock_state"."unmatched__delete__b"();
alter table "public"."b" enable always trigger "penstock_99998_unmatched__delete__b";
create trigger "penstock_99998_unmatched__delete__b" after delete on "penstock_state"."held_old__public__b" referencing old table as old_rows for each statement execute function "penstock_state"."unmatched__delete__b"();
alter table "penstock_state"."held_old__public__b" enable always trigger "penstock_99998_unmatched__delete__b";
create trigger penstock_00000_protect
    before insert or update or delete or truncate on "penstock_state"."unmatched"
    for each statement when (pg_catalog.pg_trigger_depth() = 0)
    execute function penstock.refuse_write('public.unmatched');
alter table "penstock_state"."unmatched" enable always trigger penstock_00000_protect;

create or replace view "public"."unmatched" as select "state"."x" as "x" from "penstock_state"."unmatched" as "state", pg_catalog.generate_series(1, "state"."__n")
