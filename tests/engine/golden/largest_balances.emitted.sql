-- what largest_balances.sql compiles to; written by `make golden`
create unlogged table "penstock_state"."held_new__public__moves" (__held boolean);
create unlogged table "penstock_state"."held_old__public__moves" (__held boolean);
alter table "penstock_state"."held_new__public__moves" add column if not exists "id" integer;
alter table "penstock_state"."held_new__public__moves" add column if not exists "account" integer;
alter table "penstock_state"."held_new__public__moves" add column if not exists "at" integer;
alter table "penstock_state"."held_new__public__moves" add column if not exists "amount" numeric;
alter table "penstock_state"."held_old__public__moves" add column if not exists "id" integer;
alter table "penstock_state"."held_old__public__moves" add column if not exists "account" integer;
alter table "penstock_state"."held_old__public__moves" add column if not exists "at" integer;
alter table "penstock_state"."held_old__public__moves" add column if not exists "amount" numeric;
create or replace function "penstock_state"."apply__public__moves"() returns trigger
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
        insert into "penstock_state"."held_new__public__moves" (__held, "id", "account", "at", "amount") values (true, new."id", new."account", new."at", new."amount");
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__moves" (__held, "id", "account", "at", "amount") values (true, old."id", old."account", old."at", old."amount");
    end if;
    perform set_config('penstock.open', '0', true);
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__moves"'::regclass, '"penstock_state"."held_old__public__moves"'::regclass);
    perform set_config('penstock.skip', '', true);
    return null;
end
$guard$;
create or replace function "penstock_state"."capture__public__moves"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if tg_when = 'BEFORE' then
        -- TRUNCATE of a partitioned table fires for each partition too: each tells its own rows.
        execute 'insert into "penstock_state"."held_old__public__moves" (__held, "id", "account", "at", "amount") select true, "id", "account", "at", "amount" from only ' || tg_relid::regclass;
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__moves"'::regclass, '"penstock_state"."held_old__public__moves"'::regclass);
        return null;
    end if;
    perform set_config(
        'penstock.open', (current_setting('penstock.open')::int - 1)::text, true
    );
    if tg_op = 'TRUNCATE' then
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__moves"'::regclass, '"penstock_state"."held_old__public__moves"'::regclass);
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
        insert into "penstock_state"."held_new__public__moves" (__held, "id", "account", "at", "amount") select true, "id", "account", "at", "amount" from new_rows;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__moves" (__held, "id", "account", "at", "amount") select true, "id", "account", "at", "amount" from old_rows;
    end if;
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__moves"'::regclass, '"penstock_state"."held_old__public__moves"'::regclass);
    return null;
end
$guard$;

drop trigger if exists penstock_00000_capture_insert on "public"."moves";
create trigger penstock_00000_capture_insert
    after insert on "public"."moves" referencing new table as new_rows for each statement execute function "penstock_state"."capture__public__moves"();
alter table "public"."moves" enable always trigger penstock_00000_capture_insert;
drop trigger if exists penstock_00000_capture_update on "public"."moves";
create trigger penstock_00000_capture_update
    after update on "public"."moves" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."capture__public__moves"();
alter table "public"."moves" enable always trigger penstock_00000_capture_update;
drop trigger if exists penstock_00000_capture_delete on "public"."moves";
create trigger penstock_00000_capture_delete
    after delete on "public"."moves" referencing old table as old_rows for each statement execute function "penstock_state"."capture__public__moves"();
alter table "public"."moves" enable always trigger penstock_00000_capture_delete;
drop trigger if exists penstock_00000_capture_truncate_before on "public"."moves";
create trigger penstock_00000_capture_truncate_before
    before truncate on "public"."moves"  for each statement execute function "penstock_state"."capture__public__moves"();
alter table "public"."moves" enable always trigger penstock_00000_capture_truncate_before;
drop trigger if exists penstock_00000_capture_truncate_after on "public"."moves";
create trigger penstock_00000_capture_truncate_after
    after truncate on "public"."moves"  for each statement execute function "penstock_state"."capture__public__moves"();
alter table "public"."moves" enable always trigger penstock_00000_capture_truncate_after;

create sequence if not exists "penstock_state"."pipeline_1" minvalue 0;
drop trigger if exists penstock_00000_before on "public"."moves";
create trigger penstock_00000_before
    before insert or update or delete or truncate on "public"."moves"
    for each statement execute function penstock.before_change(1, '"penstock_state"."pipeline_1"');
alter table "public"."moves" enable always trigger penstock_00000_before;
drop trigger if exists penstock_00000_apply on "public"."moves";
create trigger penstock_00000_apply after insert or update or delete on "public"."moves"
    for each row execute function "penstock_state"."apply__public__moves"(1, '"penstock_state"."pipeline_1"');
alter table "public"."moves" enable replica trigger penstock_00000_apply;

create table "penstock_state"."largest_balances__windows" with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2) as
select "id", "account", sum("__in4") OVER (PARTITION BY "account" ORDER BY "__in3", "id") as "balance" from (select "moves_1"."id" as "id", "moves_1"."account" as "account", "moves_1"."at" as "__in3", "moves_1"."amount" as "__in4"
    from "public"."moves" as "moves_1") as body;
alter table "penstock_state"."largest_balances__windows" alter column "id" set not null;
create unique index on "penstock_state"."largest_balances__windows" ("id");

create table "penstock_state"."largest_balances__top" with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2) as
select "id", "account", "balance" from (select * from (select "windows_2"."id" as "id", "windows_2"."account" as "account", "windows_2"."balance" as "balance"
    from "penstock_state"."largest_balances__windows" as "windows_2") as body order by "balance" desc nulls first, "id" asc nulls last fetch first (10) rows only) as body;
alter table "penstock_state"."largest_balances__top" alter column "id" set not null;
create unique index on "penstock_state"."largest_balances__top" ("id");

create index if not exists "penstock_87dd2808caed" on "public"."moves" ((array["account"]))

create index if not exists "penstock_1c1434bb1993" on "penstock_state"."largest_balances__windows" ((array["account"]))

create index if not exists "penstock_eb50349ef947" on "penstock_state"."largest_balances__windows" ("balance" desc nulls first, "id" asc nulls last)

create function "penstock_state"."largest_balances__windows__insert__moves"() returns trigger
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
    __added "penstock_state"."largest_balances__windows"[];
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
        select "moves_1"."id" as "id", "moves_1"."account" as "account", "moves_1"."at" as "__in3", "moves_1"."amount" as "__in4", 1 as __w
        from new_rows as "moves_1"
    ),
    touched as (
        select distinct "account" from delta
    ),
    made as (
        select n.* from touched as d cross join lateral (
            select "id", "account", sum("__in4") OVER (PARTITION BY "account" ORDER BY "__in3", "id") as "balance" from (select "moves_1"."id" as "id", "moves_1"."account" as "account", "moves_1"."at" as "__in3", "moves_1"."amount" as "__in4"
        from "public"."moves" as "moves_1"
        where array[("moves_1"."account")] = array[d."account"] offset 0) as body
        ) as n
    ),
    stood as (
        select s.* from touched as d cross join lateral (select t.*, t.ctid as __ctid from "penstock_state"."largest_balances__windows" as t where array[t."account"] = array[d."account"] offset 0) as s
    ),
    merged as (
        select n."id", n."account", n."balance", s.__ctid, n.__made is true as __alive
        from (select *, true as __made from made) as n
        full join stood as s on n."id" = s."id"
        where s.__ctid is null or n.__made is null or row(n."id", n."account", n."balance")::"penstock_state"."largest_balances__windows" *<> row(s."id", s."account", s."balance")::"penstock_state"."largest_balances__windows"
    ),
    updated as (
        update "penstock_state"."largest_balances__windows" as s set "account" = m."account", "balance" = m."balance"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__windows"
    )
    select array_agg(row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__windows") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."largest_balances__windows" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."largest_balances__windows" select * from unnest(__added);
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
                        select "moves_1"."id" as "id", "moves_1"."account" as "account", "moves_1"."at" as "__in3", "moves_1"."amount" as "__in4", 1 as __w
        from new_rows as "moves_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.moves', to_jsonb(r), array['id']::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.moves', __row, array['id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'largest_balances', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.largest_balances', 'largest_balances__windows__insert__moves'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."largest_balances__windows__insert__moves"() is 'public.largest_balances: insert on public.moves. partition: compute the partitions of the delta again, write what differs';
create trigger "penstock_99998_largest_balances__windows__insert__moves" after insert on "public"."moves" referencing new table as new_rows for each statement execute function "penstock_state"."largest_balances__windows__insert__moves"();
alter table "public"."moves" enable always trigger "penstock_99998_largest_balances__windows__insert__moves";
create trigger "penstock_99998_largest_balances__windows__insert__moves" after delete on "penstock_state"."held_new__public__moves" referencing old table as new_rows for each statement execute function "penstock_state"."largest_balances__windows__insert__moves"();
alter table "penstock_state"."held_new__public__moves" enable always trigger "penstock_99998_largest_balances__windows__insert__moves";
create function "penstock_state"."largest_balances__windows__update__moves"() returns trigger
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
    __added "penstock_state"."largest_balances__windows"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    with delta as (
        select "moves_1"."id" as "id", "moves_1"."account" as "account", "moves_1"."at" as "__in3", "moves_1"."amount" as "__in4", "moves_1".__w as __w
        from (select "account", (array_agg("amount"))[1] as "amount", "at", "id", sum(__w)::bigint as __w from (select "account", "amount", "at", "id", 1 as __w from new_rows union all select "account", "amount", "at", "id", -1 from old_rows) as changes group by "account", "amount"::text, "at", "id" having sum(__w) <> 0) as "moves_1"
    ),
    touched as (
        select distinct "account" from delta
    ),
    made as (
        select n.* from touched as d cross join lateral (
            select "id", "account", sum("__in4") OVER (PARTITION BY "account" ORDER BY "__in3", "id") as "balance" from (select "moves_1"."id" as "id", "moves_1"."account" as "account", "moves_1"."at" as "__in3", "moves_1"."amount" as "__in4"
        from "public"."moves" as "moves_1"
        where array[("moves_1"."account")] = array[d."account"] offset 0) as body
        ) as n
    ),
    stood as (
        select s.* from touched as d cross join lateral (select t.*, t.ctid as __ctid from "penstock_state"."largest_balances__windows" as t where array[t."account"] = array[d."account"] offset 0) as s
    ),
    merged as (
        select n."id", n."account", n."balance", s.__ctid, n.__made is true as __alive
        from (select *, true as __made from made) as n
        full join stood as s on n."id" = s."id"
        where s.__ctid is null or n.__made is null or row(n."id", n."account", n."balance")::"penstock_state"."largest_balances__windows" *<> row(s."id", s."account", s."balance")::"penstock_state"."largest_balances__windows"
    ),
    updated as (
        update "penstock_state"."largest_balances__windows" as s set "account" = m."account", "balance" = m."balance"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__windows"
    )
    select array_agg(row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__windows") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."largest_balances__windows" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."largest_balances__windows" select * from unnest(__added);
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
                        select "moves_1"."id" as "id", "moves_1"."account" as "account", "moves_1"."at" as "__in3", "moves_1"."amount" as "__in4", "moves_1".__w as __w
        from (select "account", (array_agg("amount"))[1] as "amount", "at", "id", sum(__w)::bigint as __w from (select "account", "amount", "at", "id", 1 as __w from new_rows union all select "account", "amount", "at", "id", -1 from old_rows) as changes group by "account", "amount"::text, "at", "id" having sum(__w) <> 0) as "moves_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.moves', to_jsonb(r), array['id']::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.moves', __row, array['id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'largest_balances', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.largest_balances', 'largest_balances__windows__update__moves'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."largest_balances__windows__update__moves"() is 'public.largest_balances: update on public.moves. partition: compute the partitions of the delta again, write what differs';
create trigger "penstock_99998_largest_balances__windows__update__moves" after update on "public"."moves" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."largest_balances__windows__update__moves"();
alter table "public"."moves" enable always trigger "penstock_99998_largest_balances__windows__update__moves";
create function "penstock_state"."largest_balances__windows__delete__moves"() returns trigger
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
    __added "penstock_state"."largest_balances__windows"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    with delta as (
        select "moves_1"."id" as "id", "moves_1"."account" as "account", "moves_1"."at" as "__in3", "moves_1"."amount" as "__in4", -1 as __w
        from old_rows as "moves_1"
    ),
    touched as (
        select distinct "account" from delta
    ),
    made as (
        select n.* from touched as d cross join lateral (
            select "id", "account", sum("__in4") OVER (PARTITION BY "account" ORDER BY "__in3", "id") as "balance" from (select "moves_1"."id" as "id", "moves_1"."account" as "account", "moves_1"."at" as "__in3", "moves_1"."amount" as "__in4"
        from "public"."moves" as "moves_1"
        where array[("moves_1"."account")] = array[d."account"] offset 0) as body
        ) as n
    ),
    stood as (
        select s.* from touched as d cross join lateral (select t.*, t.ctid as __ctid from "penstock_state"."largest_balances__windows" as t where array[t."account"] = array[d."account"] offset 0) as s
    ),
    merged as (
        select n."id", n."account", n."balance", s.__ctid, n.__made is true as __alive
        from (select *, true as __made from made) as n
        full join stood as s on n."id" = s."id"
        where s.__ctid is null or n.__made is null or row(n."id", n."account", n."balance")::"penstock_state"."largest_balances__windows" *<> row(s."id", s."account", s."balance")::"penstock_state"."largest_balances__windows"
    ),
    updated as (
        update "penstock_state"."largest_balances__windows" as s set "account" = m."account", "balance" = m."balance"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__windows"
    )
    select array_agg(row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__windows") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."largest_balances__windows" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."largest_balances__windows" select * from unnest(__added);
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
                        select "moves_1"."id" as "id", "moves_1"."account" as "account", "moves_1"."at" as "__in3", "moves_1"."amount" as "__in4", -1 as __w
        from old_rows as "moves_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from old_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.moves', to_jsonb(r), array['id']::text[], __rows)
                into __place from (select * from old_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.moves', __row, array['id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'largest_balances', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.largest_balances', 'largest_balances__windows__delete__moves'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."largest_balances__windows__delete__moves"() is 'public.largest_balances: delete on public.moves. partition: compute the partitions of the delta again, write what differs';
create trigger "penstock_99998_largest_balances__windows__delete__moves" after delete on "public"."moves" referencing old table as old_rows for each statement execute function "penstock_state"."largest_balances__windows__delete__moves"();
alter table "public"."moves" enable always trigger "penstock_99998_largest_balances__windows__delete__moves";
create trigger "penstock_99998_largest_balances__windows__delete__moves" after delete on "penstock_state"."held_old__public__moves" referencing old table as old_rows for each statement execute function "penstock_state"."largest_balances__windows__delete__moves"();
alter table "penstock_state"."held_old__public__moves" enable always trigger "penstock_99998_largest_balances__windows__delete__moves";
create trigger penstock_00000_protect
    before insert or update or delete or truncate on "penstock_state"."largest_balances__windows"
    for each statement when (pg_catalog.pg_trigger_depth() = 0)
    execute function penstock.refuse_write('public.largest_balances');
alter table "penstock_state"."largest_balances__windows" enable always trigger penstock_00000_protect;

create function "penstock_state"."largest_balances__top__insert__largest_balances__windows"() returns trigger
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
    __added "penstock_state"."largest_balances__top"[];
    __places tid[];
begin
    with delta as (
        select "windows_2"."id" as "id", "windows_2"."account" as "account", "windows_2"."balance" as "balance", 1 as __w
        from new_rows as "windows_2"
    ),
    touched as (
        select true as __any from delta limit 1
    ),
    made as (
        select n.* from touched as d cross join lateral (
            select "id", "account", "balance" from ((select "windows_2"."id" as "id", "windows_2"."account" as "account", "windows_2"."balance" as "balance"
        from "penstock_state"."largest_balances__windows" as "windows_2"
        order by "windows_2"."balance" desc nulls first, "windows_2"."id" asc nulls last fetch first (10) rows only)) as body where d.__any
        ) as n
    ),
    stood as (
        select t.*, t.ctid as __ctid from "penstock_state"."largest_balances__top" as t where exists (select from touched)
    ),
    merged as (
        select n."id", n."account", n."balance", s.__ctid, n.__made is true as __alive
        from (select *, true as __made from made) as n
        full join stood as s on n."id" = s."id"
        where s.__ctid is null or n.__made is null or row(n."id", n."account", n."balance")::"penstock_state"."largest_balances__top" *<> row(s."id", s."account", s."balance")::"penstock_state"."largest_balances__top"
    ),
    updated as (
        update "penstock_state"."largest_balances__top" as s set "account" = m."account", "balance" = m."balance"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__top"
    )
    select array_agg(row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__top") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."largest_balances__top" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."largest_balances__top" select * from unnest(__added);
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.largest_balances', 'largest_balances__top__insert__largest_balances__windows'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."largest_balances__top__insert__largest_balances__windows"() is 'public.largest_balances: insert on penstock_state.largest_balances__windows. partition: compute the partitions of the delta again, write what differs';
create trigger "penstock_99997_largest_balances__top__insert__largest__f9fb9b60" after insert on "penstock_state"."largest_balances__windows" referencing new table as new_rows for each statement execute function "penstock_state"."largest_balances__top__insert__largest_balances__windows"();
alter table "penstock_state"."largest_balances__windows" enable always trigger "penstock_99997_largest_balances__top__insert__largest__f9fb9b60";
create function "penstock_state"."largest_balances__top__update__largest_balances__windows"() returns trigger
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
    __added "penstock_state"."largest_balances__top"[];
    __places tid[];
begin
    with delta as (
        select "windows_2"."id" as "id", "windows_2"."account" as "account", "windows_2"."balance" as "balance", "windows_2".__w as __w
        from (select "account", (array_agg("balance"))[1] as "balance", "id", sum(__w)::bigint as __w from (select "account", "balance", "id", 1 as __w from new_rows union all select "account", "balance", "id", -1 from old_rows) as changes group by "account", "balance"::text, "id" having sum(__w) <> 0) as "windows_2"
    ),
    touched as (
        select true as __any from delta limit 1
    ),
    made as (
        select n.* from touched as d cross join lateral (
            select "id", "account", "balance" from ((select "windows_2"."id" as "id", "windows_2"."account" as "account", "windows_2"."balance" as "balance"
        from "penstock_state"."largest_balances__windows" as "windows_2"
        order by "windows_2"."balance" desc nulls first, "windows_2"."id" asc nulls last fetch first (10) rows only)) as body where d.__any
        ) as n
    ),
    stood as (
        select t.*, t.ctid as __ctid from "penstock_state"."largest_balances__top" as t where exists (select from touched)
    ),
    merged as (
        select n."id", n."account", n."balance", s.__ctid, n.__made is true as __alive
        from (select *, true as __made from made) as n
        full join stood as s on n."id" = s."id"
        where s.__ctid is null or n.__made is null or row(n."id", n."account", n."balance")::"penstock_state"."largest_balances__top" *<> row(s."id", s."account", s."balance")::"penstock_state"."largest_balances__top"
    ),
    updated as (
        update "penstock_state"."largest_balances__top" as s set "account" = m."account", "balance" = m."balance"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__top"
    )
    select array_agg(row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__top") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."largest_balances__top" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."largest_balances__top" select * from unnest(__added);
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.largest_balances', 'largest_balances__top__update__largest_balances__windows'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."largest_balances__top__update__largest_balances__windows"() is 'public.largest_balances: update on penstock_state.largest_balances__windows. partition: compute the partitions of the delta again, write what differs';
create trigger "penstock_99997_largest_balances__top__update__largest__744631fa" after update on "penstock_state"."largest_balances__windows" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."largest_balances__top__update__largest_balances__windows"();
alter table "penstock_state"."largest_balances__windows" enable always trigger "penstock_99997_largest_balances__top__update__largest__744631fa";
create function "penstock_state"."largest_balances__top__delete__largest_balances__windows"() returns trigger
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
    __added "penstock_state"."largest_balances__top"[];
    __places tid[];
begin
    with delta as (
        select "windows_2"."id" as "id", "windows_2"."account" as "account", "windows_2"."balance" as "balance", -1 as __w
        from old_rows as "windows_2"
    ),
    touched as (
        select true as __any from delta limit 1
    ),
    made as (
        select n.* from touched as d cross join lateral (
            select "id", "account", "balance" from ((select "windows_2"."id" as "id", "windows_2"."account" as "account", "windows_2"."balance" as "balance"
        from "penstock_state"."largest_balances__windows" as "windows_2"
        order by "windows_2"."balance" desc nulls first, "windows_2"."id" asc nulls last fetch first (10) rows only)) as body where d.__any
        ) as n
    ),
    stood as (
        select t.*, t.ctid as __ctid from "penstock_state"."largest_balances__top" as t where exists (select from touched)
    ),
    merged as (
        select n."id", n."account", n."balance", s.__ctid, n.__made is true as __alive
        from (select *, true as __made from made) as n
        full join stood as s on n."id" = s."id"
        where s.__ctid is null or n.__made is null or row(n."id", n."account", n."balance")::"penstock_state"."largest_balances__top" *<> row(s."id", s."account", s."balance")::"penstock_state"."largest_balances__top"
    ),
    updated as (
        update "penstock_state"."largest_balances__top" as s set "account" = m."account", "balance" = m."balance"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__top"
    )
    select array_agg(row(m."id", m."account", m."balance")::"penstock_state"."largest_balances__top") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."largest_balances__top" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."largest_balances__top" select * from unnest(__added);
    end if;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.largest_balances', 'largest_balances__top__delete__largest_balances__windows'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."largest_balances__top__delete__largest_balances__windows"() is 'public.largest_balances: delete on penstock_state.largest_balances__windows. partition: compute the partitions of the delta again, write what differs';
create trigger "penstock_99997_largest_balances__top__delete__largest__919d09d1" after delete on "penstock_state"."largest_balances__windows" referencing old table as old_rows for each statement execute function "penstock_state"."largest_balances__top__delete__largest_balances__windows"();
alter table "penstock_state"."largest_balances__windows" enable always trigger "penstock_99997_largest_balances__top__delete__largest__919d09d1";
create trigger penstock_00000_protect
    before insert or update or delete or truncate on "penstock_state"."largest_balances__top"
    for each statement when (pg_catalog.pg_trigger_depth() = 0)
    execute function penstock.refuse_write('public.largest_balances');
alter table "penstock_state"."largest_balances__top" enable always trigger penstock_00000_protect;

create or replace view "public"."largest_balances" as select "top_3"."id" as "id", "top_3"."account" as "account", "top_3"."balance" as "balance" from "penstock_state"."largest_balances__top" as "top_3"
