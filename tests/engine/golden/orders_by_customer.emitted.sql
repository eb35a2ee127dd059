-- what orders_by_customer.sql compiles to; written by `make golden`
create unlogged table "penstock_state"."held_new__public__orders" (__held boolean);
create unlogged table "penstock_state"."held_old__public__orders" (__held boolean);
alter table "penstock_state"."held_new__public__orders" add column if not exists "customer_id" integer;
alter table "penstock_state"."held_new__public__orders" add column if not exists "amount" numeric;
alter table "penstock_state"."held_old__public__orders" add column if not exists "customer_id" integer;
alter table "penstock_state"."held_old__public__orders" add column if not exists "amount" numeric;
create or replace function "penstock_state"."apply__public__orders"() returns trigger
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
        insert into "penstock_state"."held_new__public__orders" (__held, "customer_id", "amount") values (true, new."customer_id", new."amount");
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__orders" (__held, "customer_id", "amount") values (true, old."customer_id", old."amount");
    end if;
    perform set_config('penstock.open', '0', true);
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__orders"'::regclass, '"penstock_state"."held_old__public__orders"'::regclass);
    perform set_config('penstock.skip', '', true);
    return null;
end
$guard$;
create or replace function "penstock_state"."capture__public__orders"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if tg_when = 'BEFORE' then
        -- TRUNCATE of a partitioned table fires for each partition too: each tells its own rows.
        execute 'insert into "penstock_state"."held_old__public__orders" (__held, "customer_id", "amount") select true, "customer_id", "amount" from only ' || tg_relid::regclass;
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__orders"'::regclass, '"penstock_state"."held_old__public__orders"'::regclass);
        return null;
    end if;
    perform set_config(
        'penstock.open', (current_setting('penstock.open')::int - 1)::text, true
    );
    if tg_op = 'TRUNCATE' then
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__orders"'::regclass, '"penstock_state"."held_old__public__orders"'::regclass);
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
        insert into "penstock_state"."held_new__public__orders" (__held, "customer_id", "amount") select true, "customer_id", "amount" from new_rows;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__orders" (__held, "customer_id", "amount") select true, "customer_id", "amount" from old_rows;
    end if;
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__orders"'::regclass, '"penstock_state"."held_old__public__orders"'::regclass);
    return null;
end
$guard$;

drop trigger if exists penstock_00000_capture_insert on "public"."orders";
create trigger penstock_00000_capture_insert
    after insert on "public"."orders" referencing new table as new_rows for each statement execute function "penstock_state"."capture__public__orders"();
alter table "public"."orders" enable always trigger penstock_00000_capture_insert;
drop trigger if exists penstock_00000_capture_update on "public"."orders";
create trigger penstock_00000_capture_update
    after update on "public"."orders" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."capture__public__orders"();
alter table "public"."orders" enable always trigger penstock_00000_capture_update;
drop trigger if exists penstock_00000_capture_delete on "public"."orders";
create trigger penstock_00000_capture_delete
    after delete on "public"."orders" referencing old table as old_rows for each statement execute function "penstock_state"."capture__public__orders"();
alter table "public"."orders" enable always trigger penstock_00000_capture_delete;
drop trigger if exists penstock_00000_capture_truncate_before on "public"."orders";
create trigger penstock_00000_capture_truncate_before
    before truncate on "public"."orders"  for each statement execute function "penstock_state"."capture__public__orders"();
alter table "public"."orders" enable always trigger penstock_00000_capture_truncate_before;
drop trigger if exists penstock_00000_capture_truncate_after on "public"."orders";
create trigger penstock_00000_capture_truncate_after
    after truncate on "public"."orders"  for each statement execute function "penstock_state"."capture__public__orders"();
alter table "public"."orders" enable always trigger penstock_00000_capture_truncate_after;

create unlogged table "penstock_state"."held_new__public__customers" (__held boolean);
create unlogged table "penstock_state"."held_old__public__customers" (__held boolean);
alter table "penstock_state"."held_new__public__customers" add column if not exists "customer_id" integer;
alter table "penstock_state"."held_new__public__customers" add column if not exists "country" text;
alter table "penstock_state"."held_old__public__customers" add column if not exists "customer_id" integer;
alter table "penstock_state"."held_old__public__customers" add column if not exists "country" text;
create or replace function "penstock_state"."apply__public__customers"() returns trigger
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
        insert into "penstock_state"."held_new__public__customers" (__held, "customer_id", "country") values (true, new."customer_id", new."country");
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__customers" (__held, "customer_id", "country") values (true, old."customer_id", old."country");
    end if;
    perform set_config('penstock.open', '0', true);
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__customers"'::regclass, '"penstock_state"."held_old__public__customers"'::regclass);
    perform set_config('penstock.skip', '', true);
    return null;
end
$guard$;
create or replace function "penstock_state"."capture__public__customers"() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $guard$
begin
    if tg_when = 'BEFORE' then
        -- TRUNCATE of a partitioned table fires for each partition too: each tells its own rows.
        execute 'insert into "penstock_state"."held_old__public__customers" (__held, "customer_id", "country") select true, "customer_id", "country" from only ' || tg_relid::regclass;
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__customers"'::regclass, '"penstock_state"."held_old__public__customers"'::regclass);
        return null;
    end if;
    perform set_config(
        'penstock.open', (current_setting('penstock.open')::int - 1)::text, true
    );
    if tg_op = 'TRUNCATE' then
        perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__customers"'::regclass, '"penstock_state"."held_old__public__customers"'::regclass);
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
        insert into "penstock_state"."held_new__public__customers" (__held, "customer_id", "country") select true, "customer_id", "country" from new_rows;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into "penstock_state"."held_old__public__customers" (__held, "customer_id", "country") select true, "customer_id", "country" from old_rows;
    end if;
    perform penstock.after_change(tg_relid, '"penstock_state"."held_new__public__customers"'::regclass, '"penstock_state"."held_old__public__customers"'::regclass);
    return null;
end
$guard$;

drop trigger if exists penstock_00000_capture_insert on "public"."customers";
create trigger penstock_00000_capture_insert
    after insert on "public"."customers" referencing new table as new_rows for each statement execute function "penstock_state"."capture__public__customers"();
alter table "public"."customers" enable always trigger penstock_00000_capture_insert;
drop trigger if exists penstock_00000_capture_update on "public"."customers";
create trigger penstock_00000_capture_update
    after update on "public"."customers" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."capture__public__customers"();
alter table "public"."customers" enable always trigger penstock_00000_capture_update;
drop trigger if exists penstock_00000_capture_delete on "public"."customers";
create trigger penstock_00000_capture_delete
    after delete on "public"."customers" referencing old table as old_rows for each statement execute function "penstock_state"."capture__public__customers"();
alter table "public"."customers" enable always trigger penstock_00000_capture_delete;
drop trigger if exists penstock_00000_capture_truncate_before on "public"."customers";
create trigger penstock_00000_capture_truncate_before
    before truncate on "public"."customers"  for each statement execute function "penstock_state"."capture__public__customers"();
alter table "public"."customers" enable always trigger penstock_00000_capture_truncate_before;
drop trigger if exists penstock_00000_capture_truncate_after on "public"."customers";
create trigger penstock_00000_capture_truncate_after
    after truncate on "public"."customers"  for each statement execute function "penstock_state"."capture__public__customers"();
alter table "public"."customers" enable always trigger penstock_00000_capture_truncate_after;

create sequence if not exists "penstock_state"."pipeline_1" minvalue 0;
drop trigger if exists penstock_00000_before on "public"."orders";
create trigger penstock_00000_before
    before insert or update or delete or truncate on "public"."orders"
    for each statement execute function penstock.before_change(1, '"penstock_state"."pipeline_1"');
alter table "public"."orders" enable always trigger penstock_00000_before;
drop trigger if exists penstock_00000_apply on "public"."orders";
create trigger penstock_00000_apply after insert or update or delete on "public"."orders"
    for each row execute function "penstock_state"."apply__public__orders"(1, '"penstock_state"."pipeline_1"');
alter table "public"."orders" enable replica trigger penstock_00000_apply;

create sequence if not exists "penstock_state"."pipeline_1" minvalue 0;
drop trigger if exists penstock_00000_before on "public"."customers";
create trigger penstock_00000_before
    before insert or update or delete or truncate on "public"."customers"
    for each statement execute function penstock.before_change(1, '"penstock_state"."pipeline_1"');
alter table "public"."customers" enable always trigger penstock_00000_before;
drop trigger if exists penstock_00000_apply on "public"."customers";
create trigger penstock_00000_apply after insert or update or delete on "public"."customers"
    for each row execute function "penstock_state"."apply__public__customers"(1, '"penstock_state"."pipeline_1"');
alter table "public"."customers" enable replica trigger penstock_00000_apply;

create table "penstock_state"."orders_by_customer__groups" with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_threshold = 500000, autovacuum_analyze_scale_factor = 0.2) as
select "country", count(*) as "__count", coalesce(sum("__in2"), 0)::numeric as "amount__sum", count("__in2") as "amount__values", max("__in2") as "largest" from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
    from "public"."orders" as "o_1"
    cross join "public"."customers" as "c_2"
    where "c_2"."customer_id" = "o_1"."customer_id") as body group by "country";
alter table "penstock_state"."orders_by_customer__groups" alter column "country" set not null;
alter table "penstock_state"."orders_by_customer__groups" alter column "__count" set not null;
create unique index on "penstock_state"."orders_by_customer__groups" ("country");

create index if not exists "penstock_f952676035e1" on "public"."customers" ("country")

create index if not exists "penstock_03ed04a319b2" on "public"."orders" ("customer_id")

create function "penstock_state"."orders_by_customer__groups__insert__orders"() returns trigger
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
    __added "penstock_state"."orders_by_customer__groups"[];
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
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", 1 as __w
        from new_rows as "o_1"
        cross join lateral (select * from "public"."customers" as "c_2" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "c_2"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") as "largest"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (coalesce(s."amount__sum", 0) + d."amount__sum")::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (greatest(s."largest", d."largest"))::numeric as "largest", s.__ctid, true as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive)
    into __added from merged as m;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", 1 * "c_2".__w as __w
        from new_rows as "o_1"
        cross join lateral (select * from (select "c_2"."country", "c_2"."customer_id", 1 as __w from "public"."customers" as "c_2" union all select "c_2"."country", "c_2"."customer_id", -1 as __w from "penstock_state"."held_new__public__customers" as "c_2" union all select "c_2"."country", "c_2"."customer_id", 1 as __w from "penstock_state"."held_old__public__customers" as "c_2") as "c_2" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "c_2"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", count(*) filter (where __w < 0 and "__in2" is not null) as "amount__sum__gone", max(scale("__in2")) filter (where __w < 0 and "__in2" is not null) as "amount__sum__scale", max(scale("__in2")) filter (where __w > 0) as "amount__sum__came", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") filter (where __w > 0) as "largest", max("__in2") filter (where __w < 0) as "largest__gone"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (case when f.stale then r."amount__sum" else coalesce(s."amount__sum", 0) + d."amount__sum" end)::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (case when f.stale then r."largest" else greatest(s."largest", d."largest") end)::numeric as "largest", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
        cross join lateral (select ((d."amount__sum__gone" > 0 and (scale(s."amount__sum") is null or d."amount__sum__scale" > 0 and d."amount__sum__scale" >= scale(s."amount__sum"))) or (d."largest__gone" is distinct from null and (s."largest" is not distinct from null or d."largest__gone" >= s."largest")) or coalesce(current_setting('penstock.held', true), '') <> '') is true as "stale" offset 0) as f
        left join lateral (
            select again.* from (select where f.stale offset 0) as wanted
            cross join lateral (
                select coalesce(sum("__in2"), 0)::numeric as "amount__sum", max("__in2") as "largest"
                from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
        from "public"."customers" as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
        where ("c_2"."country") = d."country" offset 0) as body
            ) as again
        ) as r on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups"
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."orders_by_customer__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
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
                        select "c_2"."country" as "country", "o_1"."amount" as "__in2", 1 as __w
        from new_rows as "o_1"
        cross join lateral (select * from "public"."customers" as "c_2" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "c_2"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.orders', to_jsonb(r), array['order_id']::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.orders', __row, array['order_id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'orders_by_customer', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.orders_by_customer', 'orders_by_customer__groups__insert__orders'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."orders_by_customer__groups__insert__orders"() is 'public.orders_by_customer: insert on public.orders. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99998_orders_by_customer__groups__insert__orders" after insert on "public"."orders" referencing new table as new_rows for each statement execute function "penstock_state"."orders_by_customer__groups__insert__orders"();
alter table "public"."orders" enable always trigger "penstock_99998_orders_by_customer__groups__insert__orders";
create trigger "penstock_99998_orders_by_customer__groups__insert__orders" after delete on "penstock_state"."held_new__public__orders" referencing old table as new_rows for each statement execute function "penstock_state"."orders_by_customer__groups__insert__orders"();
alter table "penstock_state"."held_new__public__orders" enable always trigger "penstock_99998_orders_by_customer__groups__insert__orders";
create function "penstock_state"."orders_by_customer__groups__update__orders"() returns trigger
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
    __added "penstock_state"."orders_by_customer__groups"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", "o_1".__w as __w
        from (select (array_agg("amount"))[1] as "amount", "customer_id", sum(__w)::bigint as __w from (select "amount", "customer_id", 1 as __w from new_rows union all select "amount", "customer_id", -1 from old_rows) as changes group by "amount"::text, "customer_id" having sum(__w) <> 0) as "o_1"
        cross join lateral (select * from "public"."customers" as "c_2" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "c_2"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", count(*) filter (where __w < 0 and "__in2" is not null) as "amount__sum__gone", max(scale("__in2")) filter (where __w < 0 and "__in2" is not null) as "amount__sum__scale", max(scale("__in2")) filter (where __w > 0) as "amount__sum__came", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") filter (where __w > 0) as "largest", max("__in2") filter (where __w < 0) as "largest__gone"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (case when f.stale then r."amount__sum" else coalesce(s."amount__sum", 0) + d."amount__sum" end)::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (case when f.stale then r."largest" else greatest(s."largest", d."largest") end)::numeric as "largest", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
        cross join lateral (select ((d."amount__sum__gone" > 0 and (scale(s."amount__sum") is null or d."amount__sum__scale" > 0 and d."amount__sum__scale" >= scale(s."amount__sum") and (d."amount__sum__came" >= d."amount__sum__scale") is not true)) or (d."largest__gone" is distinct from null and (s."largest" is not distinct from null or d."largest__gone" > s."largest" or (d."largest__gone" = s."largest" and (d."largest" is distinct from null and d."largest" > d."largest__gone") is not true))) or coalesce(current_setting('penstock.held', true), '') <> '') is true as "stale" offset 0) as f
        left join lateral (
            select again.* from (select where f.stale offset 0) as wanted
            cross join lateral (
                select coalesce(sum("__in2"), 0)::numeric as "amount__sum", max("__in2") as "largest"
                from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
        from "public"."customers" as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
        where ("c_2"."country") = d."country" offset 0) as body
            ) as again
        ) as r on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups"
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."orders_by_customer__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", "o_1".__w * "c_2".__w as __w
        from (select (array_agg("amount"))[1] as "amount", "customer_id", sum(__w)::bigint as __w from (select "amount", "customer_id", 1 as __w from new_rows union all select "amount", "customer_id", -1 from old_rows) as changes group by "amount"::text, "customer_id" having sum(__w) <> 0) as "o_1"
        cross join lateral (select * from (select "c_2"."country", "c_2"."customer_id", 1 as __w from "public"."customers" as "c_2" union all select "c_2"."country", "c_2"."customer_id", -1 as __w from "penstock_state"."held_new__public__customers" as "c_2" union all select "c_2"."country", "c_2"."customer_id", 1 as __w from "penstock_state"."held_old__public__customers" as "c_2") as "c_2" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "c_2"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", count(*) filter (where __w < 0 and "__in2" is not null) as "amount__sum__gone", max(scale("__in2")) filter (where __w < 0 and "__in2" is not null) as "amount__sum__scale", max(scale("__in2")) filter (where __w > 0) as "amount__sum__came", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") filter (where __w > 0) as "largest", max("__in2") filter (where __w < 0) as "largest__gone"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (case when f.stale then r."amount__sum" else coalesce(s."amount__sum", 0) + d."amount__sum" end)::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (case when f.stale then r."largest" else greatest(s."largest", d."largest") end)::numeric as "largest", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
        cross join lateral (select ((d."amount__sum__gone" > 0 and (scale(s."amount__sum") is null or d."amount__sum__scale" > 0 and d."amount__sum__scale" >= scale(s."amount__sum"))) or (d."largest__gone" is distinct from null and (s."largest" is not distinct from null or d."largest__gone" >= s."largest")) or coalesce(current_setting('penstock.held', true), '') <> '') is true as "stale" offset 0) as f
        left join lateral (
            select again.* from (select where f.stale offset 0) as wanted
            cross join lateral (
                select coalesce(sum("__in2"), 0)::numeric as "amount__sum", max("__in2") as "largest"
                from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
        from "public"."customers" as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
        where ("c_2"."country") = d."country" offset 0) as body
            ) as again
        ) as r on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups"
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."orders_by_customer__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
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
                        select "c_2"."country" as "country", "o_1"."amount" as "__in2", "o_1".__w as __w
        from (select (array_agg("amount"))[1] as "amount", "customer_id", sum(__w)::bigint as __w from (select "amount", "customer_id", 1 as __w from new_rows union all select "amount", "customer_id", -1 from old_rows) as changes group by "amount"::text, "customer_id" having sum(__w) <> 0) as "o_1"
        cross join lateral (select * from "public"."customers" as "c_2" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "c_2"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.orders', to_jsonb(r), array['order_id']::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.orders', __row, array['order_id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'orders_by_customer', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.orders_by_customer', 'orders_by_customer__groups__update__orders'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."orders_by_customer__groups__update__orders"() is 'public.orders_by_customer: update on public.orders. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99998_orders_by_customer__groups__update__orders" after update on "public"."orders" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."orders_by_customer__groups__update__orders"();
alter table "public"."orders" enable always trigger "penstock_99998_orders_by_customer__groups__update__orders";
create function "penstock_state"."orders_by_customer__groups__delete__orders"() returns trigger
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
    __added "penstock_state"."orders_by_customer__groups"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", -1 as __w
        from old_rows as "o_1"
        cross join lateral (select * from "public"."customers" as "c_2" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "c_2"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", count(*) filter (where __w < 0 and "__in2" is not null) as "amount__sum__gone", max(scale("__in2")) filter (where __w < 0 and "__in2" is not null) as "amount__sum__scale", max(scale("__in2")) filter (where __w > 0) as "amount__sum__came", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") filter (where __w > 0) as "largest", max("__in2") filter (where __w < 0) as "largest__gone"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (case when f.stale then r."amount__sum" else coalesce(s."amount__sum", 0) + d."amount__sum" end)::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (case when f.stale then r."largest" else greatest(s."largest", d."largest") end)::numeric as "largest", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
        cross join lateral (select ((d."amount__sum__gone" > 0 and (scale(s."amount__sum") is null or d."amount__sum__scale" > 0 and d."amount__sum__scale" >= scale(s."amount__sum") and (d."amount__sum__came" >= d."amount__sum__scale") is not true)) or (d."largest__gone" is distinct from null and (s."largest" is not distinct from null or d."largest__gone" > s."largest" or (d."largest__gone" = s."largest" and (d."largest" is distinct from null and d."largest" > d."largest__gone") is not true))) or coalesce(current_setting('penstock.held', true), '') <> '') is true as "stale" offset 0) as f
        left join lateral (
            select again.* from (select where f.stale offset 0) as wanted
            cross join lateral (
                select coalesce(sum("__in2"), 0)::numeric as "amount__sum", max("__in2") as "largest"
                from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
        from "public"."customers" as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
        where ("c_2"."country") = d."country" offset 0) as body
            ) as again
        ) as r on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups"
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."orders_by_customer__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", -1 * "c_2".__w as __w
        from old_rows as "o_1"
        cross join lateral (select * from (select "c_2"."country", "c_2"."customer_id", 1 as __w from "public"."customers" as "c_2" union all select "c_2"."country", "c_2"."customer_id", -1 as __w from "penstock_state"."held_new__public__customers" as "c_2" union all select "c_2"."country", "c_2"."customer_id", 1 as __w from "penstock_state"."held_old__public__customers" as "c_2") as "c_2" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "c_2"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", count(*) filter (where __w < 0 and "__in2" is not null) as "amount__sum__gone", max(scale("__in2")) filter (where __w < 0 and "__in2" is not null) as "amount__sum__scale", max(scale("__in2")) filter (where __w > 0) as "amount__sum__came", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") filter (where __w > 0) as "largest", max("__in2") filter (where __w < 0) as "largest__gone"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (case when f.stale then r."amount__sum" else coalesce(s."amount__sum", 0) + d."amount__sum" end)::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (case when f.stale then r."largest" else greatest(s."largest", d."largest") end)::numeric as "largest", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
        cross join lateral (select ((d."amount__sum__gone" > 0 and (scale(s."amount__sum") is null or d."amount__sum__scale" > 0 and d."amount__sum__scale" >= scale(s."amount__sum"))) or (d."largest__gone" is distinct from null and (s."largest" is not distinct from null or d."largest__gone" >= s."largest")) or coalesce(current_setting('penstock.held', true), '') <> '') is true as "stale" offset 0) as f
        left join lateral (
            select again.* from (select where f.stale offset 0) as wanted
            cross join lateral (
                select coalesce(sum("__in2"), 0)::numeric as "amount__sum", max("__in2") as "largest"
                from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
        from "public"."customers" as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
        where ("c_2"."country") = d."country" offset 0) as body
            ) as again
        ) as r on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups"
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."orders_by_customer__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
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
                        select "c_2"."country" as "country", "o_1"."amount" as "__in2", -1 as __w
        from old_rows as "o_1"
        cross join lateral (select * from "public"."customers" as "c_2" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "c_2"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from old_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.orders', to_jsonb(r), array['order_id']::text[], __rows)
                into __place from (select * from old_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.orders', __row, array['order_id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'orders_by_customer', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.orders_by_customer', 'orders_by_customer__groups__delete__orders'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."orders_by_customer__groups__delete__orders"() is 'public.orders_by_customer: delete on public.orders. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99998_orders_by_customer__groups__delete__orders" after delete on "public"."orders" referencing old table as old_rows for each statement execute function "penstock_state"."orders_by_customer__groups__delete__orders"();
alter table "public"."orders" enable always trigger "penstock_99998_orders_by_customer__groups__delete__orders";
create trigger "penstock_99998_orders_by_customer__groups__delete__orders" after delete on "penstock_state"."held_old__public__orders" referencing old table as old_rows for each statement execute function "penstock_state"."orders_by_customer__groups__delete__orders"();
alter table "penstock_state"."held_old__public__orders" enable always trigger "penstock_99998_orders_by_customer__groups__delete__orders";
create function "penstock_state"."orders_by_customer__groups__insert__customers"() returns trigger
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
    __added "penstock_state"."orders_by_customer__groups"[];
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
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", 1 as __w
        from new_rows as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") as "largest"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (coalesce(s."amount__sum", 0) + d."amount__sum")::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (greatest(s."largest", d."largest"))::numeric as "largest", s.__ctid, true as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive)
    into __added from merged as m;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", 1 * "o_1".__w as __w
        from new_rows as "c_2"
        cross join lateral (select * from (select "o_1"."amount", "o_1"."customer_id", 1 as __w from "public"."orders" as "o_1" union all select "o_1"."amount", "o_1"."customer_id", -1 as __w from "penstock_state"."held_new__public__orders" as "o_1" union all select "o_1"."amount", "o_1"."customer_id", 1 as __w from "penstock_state"."held_old__public__orders" as "o_1") as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", count(*) filter (where __w < 0 and "__in2" is not null) as "amount__sum__gone", max(scale("__in2")) filter (where __w < 0 and "__in2" is not null) as "amount__sum__scale", max(scale("__in2")) filter (where __w > 0) as "amount__sum__came", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") filter (where __w > 0) as "largest", max("__in2") filter (where __w < 0) as "largest__gone"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (case when f.stale then r."amount__sum" else coalesce(s."amount__sum", 0) + d."amount__sum" end)::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (case when f.stale then r."largest" else greatest(s."largest", d."largest") end)::numeric as "largest", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
        cross join lateral (select ((d."amount__sum__gone" > 0 and (scale(s."amount__sum") is null or d."amount__sum__scale" > 0 and d."amount__sum__scale" >= scale(s."amount__sum"))) or (d."largest__gone" is distinct from null and (s."largest" is not distinct from null or d."largest__gone" >= s."largest")) or coalesce(current_setting('penstock.held', true), '') <> '') is true as "stale" offset 0) as f
        left join lateral (
            select again.* from (select where f.stale offset 0) as wanted
            cross join lateral (
                select coalesce(sum("__in2"), 0)::numeric as "amount__sum", max("__in2") as "largest"
                from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
        from "public"."customers" as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
        where ("c_2"."country") = d."country" offset 0) as body
            ) as again
        ) as r on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups"
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."orders_by_customer__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
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
                        select "c_2"."country" as "country", "o_1"."amount" as "__in2", 1 as __w
        from new_rows as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.customers', to_jsonb(r), array['customer_id']::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.customers', __row, array['customer_id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'orders_by_customer', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.orders_by_customer', 'orders_by_customer__groups__insert__customers'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."orders_by_customer__groups__insert__customers"() is 'public.orders_by_customer: insert on public.customers. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99998_orders_by_customer__groups__insert__customers" after insert on "public"."customers" referencing new table as new_rows for each statement execute function "penstock_state"."orders_by_customer__groups__insert__customers"();
alter table "public"."customers" enable always trigger "penstock_99998_orders_by_customer__groups__insert__customers";
create trigger "penstock_99998_orders_by_customer__groups__insert__customers" after delete on "penstock_state"."held_new__public__customers" referencing old table as new_rows for each statement execute function "penstock_state"."orders_by_customer__groups__insert__customers"();
alter table "penstock_state"."held_new__public__customers" enable always trigger "penstock_99998_orders_by_customer__groups__insert__customers";
create function "penstock_state"."orders_by_customer__groups__update__customers"() returns trigger
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
    __added "penstock_state"."orders_by_customer__groups"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", "c_2".__w as __w
        from (select "country", "customer_id", sum(__w)::bigint as __w from (select "country", "customer_id", 1 as __w from new_rows union all select "country", "customer_id", -1 from old_rows) as changes group by "country", "customer_id" having sum(__w) <> 0) as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", count(*) filter (where __w < 0 and "__in2" is not null) as "amount__sum__gone", max(scale("__in2")) filter (where __w < 0 and "__in2" is not null) as "amount__sum__scale", max(scale("__in2")) filter (where __w > 0) as "amount__sum__came", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") filter (where __w > 0) as "largest", max("__in2") filter (where __w < 0) as "largest__gone"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (case when f.stale then r."amount__sum" else coalesce(s."amount__sum", 0) + d."amount__sum" end)::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (case when f.stale then r."largest" else greatest(s."largest", d."largest") end)::numeric as "largest", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
        cross join lateral (select ((d."amount__sum__gone" > 0 and (scale(s."amount__sum") is null or d."amount__sum__scale" > 0 and d."amount__sum__scale" >= scale(s."amount__sum") and (d."amount__sum__came" >= d."amount__sum__scale") is not true)) or (d."largest__gone" is distinct from null and (s."largest" is not distinct from null or d."largest__gone" > s."largest" or (d."largest__gone" = s."largest" and (d."largest" is distinct from null and d."largest" > d."largest__gone") is not true))) or coalesce(current_setting('penstock.held', true), '') <> '') is true as "stale" offset 0) as f
        left join lateral (
            select again.* from (select where f.stale offset 0) as wanted
            cross join lateral (
                select coalesce(sum("__in2"), 0)::numeric as "amount__sum", max("__in2") as "largest"
                from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
        from "public"."customers" as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
        where ("c_2"."country") = d."country" offset 0) as body
            ) as again
        ) as r on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups"
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."orders_by_customer__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", "c_2".__w * "o_1".__w as __w
        from (select "country", "customer_id", sum(__w)::bigint as __w from (select "country", "customer_id", 1 as __w from new_rows union all select "country", "customer_id", -1 from old_rows) as changes group by "country", "customer_id" having sum(__w) <> 0) as "c_2"
        cross join lateral (select * from (select "o_1"."amount", "o_1"."customer_id", 1 as __w from "public"."orders" as "o_1" union all select "o_1"."amount", "o_1"."customer_id", -1 as __w from "penstock_state"."held_new__public__orders" as "o_1" union all select "o_1"."amount", "o_1"."customer_id", 1 as __w from "penstock_state"."held_old__public__orders" as "o_1") as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", count(*) filter (where __w < 0 and "__in2" is not null) as "amount__sum__gone", max(scale("__in2")) filter (where __w < 0 and "__in2" is not null) as "amount__sum__scale", max(scale("__in2")) filter (where __w > 0) as "amount__sum__came", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") filter (where __w > 0) as "largest", max("__in2") filter (where __w < 0) as "largest__gone"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (case when f.stale then r."amount__sum" else coalesce(s."amount__sum", 0) + d."amount__sum" end)::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (case when f.stale then r."largest" else greatest(s."largest", d."largest") end)::numeric as "largest", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
        cross join lateral (select ((d."amount__sum__gone" > 0 and (scale(s."amount__sum") is null or d."amount__sum__scale" > 0 and d."amount__sum__scale" >= scale(s."amount__sum"))) or (d."largest__gone" is distinct from null and (s."largest" is not distinct from null or d."largest__gone" >= s."largest")) or coalesce(current_setting('penstock.held', true), '') <> '') is true as "stale" offset 0) as f
        left join lateral (
            select again.* from (select where f.stale offset 0) as wanted
            cross join lateral (
                select coalesce(sum("__in2"), 0)::numeric as "amount__sum", max("__in2") as "largest"
                from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
        from "public"."customers" as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
        where ("c_2"."country") = d."country" offset 0) as body
            ) as again
        ) as r on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups"
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."orders_by_customer__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
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
                        select "c_2"."country" as "country", "o_1"."amount" as "__in2", "c_2".__w as __w
        from (select "country", "customer_id", sum(__w)::bigint as __w from (select "country", "customer_id", 1 as __w from new_rows union all select "country", "customer_id", -1 from old_rows) as changes group by "country", "customer_id" having sum(__w) <> 0) as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from new_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.customers', to_jsonb(r), array['customer_id']::text[], __rows)
                into __place from (select * from new_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.customers', __row, array['customer_id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'orders_by_customer', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.orders_by_customer', 'orders_by_customer__groups__update__customers'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."orders_by_customer__groups__update__customers"() is 'public.orders_by_customer: update on public.customers. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99998_orders_by_customer__groups__update__customers" after update on "public"."customers" referencing new table as new_rows old table as old_rows for each statement execute function "penstock_state"."orders_by_customer__groups__update__customers"();
alter table "public"."customers" enable always trigger "penstock_99998_orders_by_customer__groups__update__customers";
create function "penstock_state"."orders_by_customer__groups__delete__customers"() returns trigger
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
    __added "penstock_state"."orders_by_customer__groups"[];
    __places tid[];
begin
    if current_setting('penstock.skip', true) like '% ' || tg_relid || ' %' then
        return null;
    end if;
    begin
    if coalesce(current_setting('penstock.held', true), '') = '' then
    with delta as (
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", -1 as __w
        from old_rows as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", count(*) filter (where __w < 0 and "__in2" is not null) as "amount__sum__gone", max(scale("__in2")) filter (where __w < 0 and "__in2" is not null) as "amount__sum__scale", max(scale("__in2")) filter (where __w > 0) as "amount__sum__came", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") filter (where __w > 0) as "largest", max("__in2") filter (where __w < 0) as "largest__gone"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (case when f.stale then r."amount__sum" else coalesce(s."amount__sum", 0) + d."amount__sum" end)::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (case when f.stale then r."largest" else greatest(s."largest", d."largest") end)::numeric as "largest", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
        cross join lateral (select ((d."amount__sum__gone" > 0 and (scale(s."amount__sum") is null or d."amount__sum__scale" > 0 and d."amount__sum__scale" >= scale(s."amount__sum") and (d."amount__sum__came" >= d."amount__sum__scale") is not true)) or (d."largest__gone" is distinct from null and (s."largest" is not distinct from null or d."largest__gone" > s."largest" or (d."largest__gone" = s."largest" and (d."largest" is distinct from null and d."largest" > d."largest__gone") is not true))) or coalesce(current_setting('penstock.held', true), '') <> '') is true as "stale" offset 0) as f
        left join lateral (
            select again.* from (select where f.stale offset 0) as wanted
            cross join lateral (
                select coalesce(sum("__in2"), 0)::numeric as "amount__sum", max("__in2") as "largest"
                from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
        from "public"."customers" as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
        where ("c_2"."country") = d."country" offset 0) as body
            ) as again
        ) as r on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups"
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."orders_by_customer__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
    end if;
    else
    perform set_config('enable_nestloop', 'on', true);
    with delta as (
        select "c_2"."country" as "country", "o_1"."amount" as "__in2", -1 * "o_1".__w as __w
        from old_rows as "c_2"
        cross join lateral (select * from (select "o_1"."amount", "o_1"."customer_id", 1 as __w from "public"."orders" as "o_1" union all select "o_1"."amount", "o_1"."customer_id", -1 as __w from "penstock_state"."held_new__public__orders" as "o_1" union all select "o_1"."amount", "o_1"."customer_id", 1 as __w from "penstock_state"."held_old__public__orders" as "o_1") as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
    ),
    grouped as (
        select "country", sum(__w)::bigint as "__count", coalesce(sum("__in2"::numeric * __w), 0) as "amount__sum", count(*) filter (where __w < 0 and "__in2" is not null) as "amount__sum__gone", max(scale("__in2")) filter (where __w < 0 and "__in2" is not null) as "amount__sum__scale", max(scale("__in2")) filter (where __w > 0) as "amount__sum__came", coalesce(sum(__w) filter (where "__in2" is distinct from null), 0)::bigint as "amount__values", max("__in2") filter (where __w > 0) as "largest", max("__in2") filter (where __w < 0) as "largest__gone"
        from delta group by "country"
    ),
    merged as (
        select d."country", coalesce(s."__count", 0) + d."__count" as "__count", (case when f.stale then r."amount__sum" else coalesce(s."amount__sum", 0) + d."amount__sum" end)::numeric as "amount__sum", (coalesce(s."amount__values", 0) + d."amount__values")::bigint as "amount__values", (case when f.stale then r."largest" else greatest(s."largest", d."largest") end)::numeric as "largest", s.__ctid, coalesce(s."__count", 0) + d."__count" > 0 as __alive
        from grouped as d
        left join lateral (select t.*, t.ctid as __ctid from "penstock_state"."orders_by_customer__groups" as t where t."country" = d."country" offset 0) as s on true
        cross join lateral (select ((d."amount__sum__gone" > 0 and (scale(s."amount__sum") is null or d."amount__sum__scale" > 0 and d."amount__sum__scale" >= scale(s."amount__sum"))) or (d."largest__gone" is distinct from null and (s."largest" is not distinct from null or d."largest__gone" >= s."largest")) or coalesce(current_setting('penstock.held', true), '') <> '') is true as "stale" offset 0) as f
        left join lateral (
            select again.* from (select where f.stale offset 0) as wanted
            cross join lateral (
                select coalesce(sum("__in2"), 0)::numeric as "amount__sum", max("__in2") as "largest"
                from (select "c_2"."country" as "country", "o_1"."amount" as "__in2"
        from "public"."customers" as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
        where ("c_2"."country") = d."country" offset 0) as body
            ) as again
        ) as r on true
    ),
    updated as (
        update "penstock_state"."orders_by_customer__groups" as s set "__count" = m."__count", "amount__sum" = m."amount__sum", "amount__values" = m."amount__values", "largest" = m."largest"
        from merged as m
        where s.ctid = m.__ctid and m.__alive and (s.*) *<> row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups"
    )
    select array_agg(row(m."country", m."__count", m."amount__sum", m."amount__values", m."largest")::"penstock_state"."orders_by_customer__groups") filter (where m.__ctid is null and m.__alive),
        array_agg(m.__ctid) filter (where m.__ctid is not null and not m.__alive)
    into __added, __places from merged as m;
    if __places is not null then
        delete from "penstock_state"."orders_by_customer__groups" as s where s.ctid = any(__places);
    end if;
    if __added is not null then
        insert into "penstock_state"."orders_by_customer__groups" select * from unnest(__added);
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
                        select "c_2"."country" as "country", "o_1"."amount" as "__in2", -1 as __w
        from old_rows as "c_2"
        cross join lateral (select * from "public"."orders" as "o_1" where "c_2"."customer_id" = "o_1"."customer_id" offset 0) as "o_1"
                    ) as made;
                exception when others then
                    select to_jsonb(r) into __row
                    from (select * from old_rows offset __at limit 1) as r;
                    exit;
                end;
            end loop;
            if __row is null then
                select penstock.place_of_change('public.customers', to_jsonb(r), array['customer_id']::text[], __rows)
                into __place from (select * from old_rows limit 1) as r;
            else
                __place := penstock.place_of_change('public.customers', __row, array['customer_id']::text[], 1);
            end if;
            perform penstock.refuse_change('public', 'orders_by_customer', __context, __state, __message, __detail, __hint, __place);
        end;
    end;
    if penstock_timed is not null then
        perform penstock.timing_ends(
            penstock_timed, 'public.orders_by_customer', 'orders_by_customer__groups__delete__customers'
        );
    end if;
    return null;
end
$penstock$;
comment on function "penstock_state"."orders_by_customer__groups__delete__customers"() is 'public.orders_by_customer: delete on public.customers. aggregate: algebraic merge, recompute where an extreme left';
create trigger "penstock_99998_orders_by_customer__groups__delete__customers" after delete on "public"."customers" referencing old table as old_rows for each statement execute function "penstock_state"."orders_by_customer__groups__delete__customers"();
alter table "public"."customers" enable always trigger "penstock_99998_orders_by_customer__groups__delete__customers";
create trigger "penstock_99998_orders_by_customer__groups__delete__customers" after delete on "penstock_state"."held_old__public__customers" referencing old table as old_rows for each statement execute function "penstock_state"."orders_by_customer__groups__delete__customers"();
alter table "penstock_state"."held_old__public__customers" enable always trigger "penstock_99998_orders_by_customer__groups__delete__customers";
create trigger penstock_00000_protect
    before insert or update or delete or truncate on "penstock_state"."orders_by_customer__groups"
    for each statement when (pg_catalog.pg_trigger_depth() = 0)
    execute function penstock.refuse_write('public.orders_by_customer');
alter table "penstock_state"."orders_by_customer__groups" enable always trigger penstock_00000_protect;

create or replace view "public"."orders_by_customer" as select "groups_3"."country" as "country", "groups_3"."__count" as "orders", CAST((CASE WHEN "groups_3"."amount__values" > 0 THEN "groups_3"."amount__sum" END) AS DECIMAL) as "amount", "groups_3"."largest" as "largest" from "penstock_state"."orders_by_customer__groups" as "groups_3"
