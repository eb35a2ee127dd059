-- The runtime of maintained views: what every change of an input goes through.
--
-- Three settings, local to the transaction and undone with a savepoint, carry its state:
--   penstock.open  how many statements have fired BEFORE and not yet AFTER
--   penstock.held  pairs of tables that hold changes not applied yet: 'new_oid:old_oid …'
--   penstock.skip  tables whose current event has been applied already: ' oid oid '
--
-- A fourth is a writer's own: with penstock.late = 'on' its INSERT and COPY take the pipeline's
-- lock when their rows are written, and deduplicated where that is the first thing done with them,
-- before anybody is told; so that another writer may be maintaining meanwhile. Nobody reads those
-- rows before the lock is taken. Such a writer may meet a deadlock (40P01) where two write one
-- key, and tries again.

create or replace function penstock.has_begun(transaction xid8)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_xact_status(transaction);
    return true;
exception
    -- An id that this server has not given out yet: the sequence was restored from a dump.
    when invalid_parameter_value then
        return false;
end
$$;

create or replace function penstock.take_turn(pipeline int, writers regclass, about text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    last_writer bigint;
begin
    -- One writer a pipeline until it commits: under READ COMMITTED two writers on both sides
    -- of a join would each miss the other's rows. 1349415287 spells "Pens" + 1.
    perform pg_advisory_xact_lock(1349415287, pipeline);
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        last_writer := pg_sequence_last_value(writers);
        if last_writer is not null
            and last_writer <> pg_current_xact_id()::text::bigint
            and not pg_visible_in_snapshot(last_writer::text::xid8, pg_current_snapshot())
            and penstock.has_begun(last_writer::text::xid8)
        then
            raise serialization_failure using
                message = format(
                    'could not serialize access: %s changed after this snapshot', about
                ),
                hint = 'The transaction might succeed if retried.';
        end if;
    end if;
    -- A sequence keeps the last writer's transaction id in place, without a dead row each time.
    perform setval(writers, pg_current_xact_id()::text::bigint);
end
$$;

comment on function penstock.take_turn(int, regclass, text) is
    'Takes a pipeline''s lock until the transaction ends, and notes who has it.';

create or replace function penstock.before_change()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op <> 'INSERT' or coalesce(current_setting('penstock.late', true), '') <> 'on' then
        perform penstock.take_turn(
            tg_argv[0]::int, tg_argv[1]::regclass, format('views of %s', tg_relid::regclass)
        );
    end if;
    perform set_config(
        'penstock.open',
        (coalesce(nullif(current_setting('penstock.open', true), ''), '0')::int + 1)::text,
        true
    );
    return null;
end
$$;

comment on function penstock.before_change() is
    'Takes the pipeline''s lock and counts the statement in. Arguments: pipeline, its sequence.';

-- It returned nothing once.
drop function if exists penstock.take_late_turn(regclass);

create function penstock.take_late_turn(relation regclass)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    arguments text[];
    timed bigint[];
begin
    if coalesce(current_setting('penstock.late', true), '') <> 'on' then
        return true;
    end if;
    if current_setting('penstock.timing', true) = 'on' then
        timed := penstock.timing_begins();
    end if;
    -- What the table's BEFORE trigger would have taken: its arguments, each ended by a NUL.
    select string_to_array(encode(tgargs, 'escape'), '\000') into arguments
    from pg_trigger where tgrelid = relation and tgname = 'penstock_00000_before';
    -- None stands where rows were put aside: it was taken for their own table. And each table asks
    -- for itself, for a transaction may write into several pipelines.
    if arguments is not null then
        perform penstock.take_turn(
            arguments[1]::int, arguments[2]::regclass, format('views of %s', relation)
        );
    end if;
    if timed is not null then
        perform penstock.timing_ends(timed, '', 'turn');
    end if;
    return true;
end
$$;

comment on function penstock.take_late_turn(regclass) is
    'Takes the pipeline''s lock if an INSERT has not taken it yet, for its writer is late; true.';

create or replace function penstock.cancel_held(new_rows regclass, old_rows regclass)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- A row that came and went within the statement never was: take it out on both sides.
    perform set_config(
        'penstock.skip',
        coalesce(current_setting('penstock.skip', true), '')
            || format(' %s %s ', new_rows::oid, old_rows::oid),
        true
    );
    execute format(
        'with came as (
            select ctid as place, row(t.*)::text as image,
                row_number() over (partition by row(t.*)::text) as number
            from %1$s as t
        ),
        went as (
            select ctid as place, row(t.*)::text as image,
                row_number() over (partition by row(t.*)::text) as number
            from %2$s as t
        ),
        both_ways as (
            select came.place as came, went.place as went
            from came join went using (image, number)
        ),
        cancelled as (
            delete from %1$s as t using both_ways where t.ctid = both_ways.came
        )
        delete from %2$s as t using both_ways where t.ctid = both_ways.went',
        new_rows, old_rows
    );
    perform set_config('penstock.skip', '', true);
end
$$;

create or replace function penstock.apply_held()
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    pair text;
    new_rows regclass;
    old_rows regclass;
begin
    -- Deleting a held row is what tells it: the maintenance functions stand on these tables
    -- as they do on the input itself. Until then, readers see the input without it.
    foreach pair in array string_to_array(trim(current_setting('penstock.held')), ' ') loop
        new_rows := split_part(pair, ':', 1)::oid::regclass;
        old_rows := split_part(pair, ':', 2)::oid::regclass;
        -- Any session can set the setting, and this deletes with the owner's rights.
        if not exists (
            select from penstock.inputs
            where to_regclass(held_new) = new_rows and to_regclass(held_old) = old_rows
        ) then
            raise insufficient_privilege using
                message = 'penstock.held was set by hand',
                hint = 'RESET penstock.held, or roll back.';
        end if;
        perform penstock.cancel_held(new_rows, old_rows);
        execute format('delete from %s', old_rows);
        execute format('delete from %s', new_rows);
    end loop;
    perform set_config('penstock.held', '', true);
end
$$;

create or replace function penstock.after_change(relation oid, new_rows oid, old_rows oid)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    pair constant text := new_rows || ':' || old_rows;
    held constant text := coalesce(current_setting('penstock.held', true), '');
begin
    -- Called after the rows were put aside: remember where, and apply all when none is open.
    if position(pair in held) = 0 then
        perform set_config('penstock.held', trim(held || ' ' || pair), true);
    end if;
    if current_setting('penstock.open', true) = '0' then
        perform penstock.apply_held();
    end if;
    perform set_config('penstock.skip', format(' %s ', relation), true);
    return true;
end
$$;

create or replace function penstock.refuse_write()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise insufficient_privilege using
        message = format('%s is maintained and cannot be written directly', tg_argv[0]),
        hint = 'Write to the tables that it reads; it follows in the same transaction.';
end
$$;
