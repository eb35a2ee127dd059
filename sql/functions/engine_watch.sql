-- DDL on inputs, noticed by event triggers where the role may create them: a superuser, and the
-- administrators of most managed services. Elsewhere: penstock.adopt_partitions(), and
-- penstock.faults() tells afterwards.

create or replace function penstock.in_deploy()
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- Whoever builds views has this lock, and sets everything right himself.
    select exists (
        select from pg_locks
        where locktype = 'advisory' and pid = pg_backend_pid() and granted
            and classid = 1349415287 and objid = 0 and objsubid = 2
    )
$$;

create or replace function penstock.after_ddl()
returns event_trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    found record;
    touched constant oid[] := array(
        select objid from pg_event_trigger_ddl_commands() where classid = 'pg_class'::regclass
    );
begin
    -- Following partitions is DDL too. Who may do DDL on an input may disable its triggers as
    -- well, so a setting is enough to know it by.
    if to_regclass('penstock.inputs') is null or penstock.in_deploy()
        or current_setting('penstock.following', true) = 'on'
    then
        return;
    end if;
    -- The functions keep the names that they were made with.
    for found in
        select distinct v.schema_name, v.view_name
        from penstock.views as v
        join pg_class as a
            on a.relname = v.definition ->> 'anchor'
            and a.relnamespace = 'penstock_state'::regnamespace
        join pg_rewrite as r on r.ev_class = a.oid
        join pg_depend as d
            on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
            and d.refclassid = 'pg_class'::regclass
        where v.definition ->> 'server' = current_setting('server_version_num')
            and (tg_tag = 'ALTER SCHEMA' or d.refobjid = any(touched))
            and v.definition ->> 'anchored' <> penstock.engine_definition(a.oid)
    loop
        raise dependent_objects_still_exist using
            message = format(
                'what the maintained view %I.%I reads cannot be renamed or moved',
                found.schema_name, found.view_name
            ),
            hint = 'Drop the view (dbt: remove the model and run penstock_drop), rename, and'
                ' run dbt with the new name; or leave a plain view with the old name.';
    end loop;
    for found in
        select c.oid::regclass as relation, c.relrowsecurity, c.relispartition, c.relkind
        from penstock.inputs as i
        join pg_namespace as n on n.nspname = i.schema_name
        join pg_class as c on c.relnamespace = n.oid and c.relname = i.table_name
        where c.relrowsecurity or c.relispartition or c.relkind = 'p'
            or exists (
                select from pg_inherits as h where c.oid in (h.inhrelid, h.inhparent)
            )
    loop
        if found.relrowsecurity and found.relation = any(touched) then
            raise feature_not_supported using
                message = format(
                    'row-level security on %s: maintained views read it, and cannot honour it',
                    found.relation
                ),
                hint = 'Filter in the model, and grant SELECT on the view only.';
        end if;
        if found.relispartition or found.relkind <> 'p' and not found.relrowsecurity then
            raise feature_not_supported using
                message = format(
                    'maintained views read %s, which cannot be a part of another table, or have'
                    ' children', found.relation
                ),
                hint = 'Drop those views first.';
        end if;
    end loop;
    perform set_config('penstock.following', 'on', true);
    perform penstock.let_go();
    for found in
        select c.oid::regclass as relation
        from penstock.inputs as i
        join pg_namespace as n on n.nspname = i.schema_name
        join pg_class as c
            on c.relnamespace = n.oid and c.relname = i.table_name and c.relkind = 'p'
    loop
        perform penstock.adopt(found.relation, true);
    end loop;
    perform set_config('penstock.following', '', true);
end
$$;

comment on function penstock.after_ddl() is
    'Follows partitions that come and go; refuses what would leave a view behind unnoticed.';

create or replace function penstock.before_ddl()
returns event_trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    command constant text := lower(current_query());
begin
    if to_regclass('penstock.inputs') is null then
        return;
    end if;
    -- It commits half way: rows would be gone and still be in the views.
    if position('detach' in command) > 0 and position('concurrently' in command) > 0
        and exists (
            select from penstock.inputs as i
            join pg_namespace as n on n.nspname = i.schema_name
            join pg_class as c on c.relnamespace = n.oid and c.relname = i.table_name
            cross join lateral pg_partition_tree(c.oid) as p
            join pg_class as part on part.oid = p.relid
            where c.relkind = 'p' and position(lower(part.relname) in command) > 0
        )
    then
        raise feature_not_supported using
            message = 'a partition of what maintained views read cannot be detached concurrently',
            hint = 'Leave out CONCURRENTLY: the rows leave the views in the same transaction.';
    end if;
end
$$;

create or replace function penstock.after_drop()
returns event_trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    dropped text;
begin
    if penstock.in_deploy() then
        return;
    end if;
    -- A table went whose triggers another input still has: it was a partition of that.
    select d.object_identity into dropped
    from pg_event_trigger_dropped_objects() as d
    join pg_event_trigger_dropped_objects() as g
        on g.object_type = 'trigger' and d.object_type = 'table'
        and g.address_names[1:2] = array[d.schema_name, d.object_name]
    join pg_trigger as live on live.tgname = g.address_names[3]
    join pg_class as c on c.oid = live.tgrelid and c.relkind = 'p'
    where g.address_names[3] ~ '^penstock_[0-9]{5}_' and g.address_names[3] !~ '^penstock_00000_'
        and d.schema_name <> 'penstock_state'
    limit 1;
    if dropped is not null then
        raise dependent_objects_still_exist using
            message = format('%s holds rows of maintained views and cannot be dropped', dropped),
            detail = 'It is a partition; once it is gone, nothing can say what was in it.',
            hint = format(
                'ALTER TABLE … DETACH PARTITION %s first: that takes its rows out of the views.',
                dropped
            );
    end if;
end
$$;

create or replace function penstock.watch_ddl()
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from pg_event_trigger where evtname = 'penstock_after_drop') then
        create event trigger penstock_after_ddl on ddl_command_end
            when tag in (
                'CREATE TABLE', 'ALTER TABLE', 'CREATE SCHEMA', 'ALTER SCHEMA',
                'CREATE FOREIGN TABLE'
            )
            execute function penstock.after_ddl();
        create event trigger penstock_before_ddl on ddl_command_start
            when tag in ('ALTER TABLE')
            execute function penstock.before_ddl();
        create event trigger penstock_after_drop on sql_drop
            when tag in ('DROP TABLE', 'DROP SCHEMA', 'DROP OWNED')
            execute function penstock.after_drop();
        alter event trigger penstock_after_ddl enable always;
        alter event trigger penstock_before_ddl enable always;
        alter event trigger penstock_after_drop enable always;
    end if;
    return true;
exception when insufficient_privilege then
    return false;
end
$$;

comment on function penstock.watch_ddl() is
    'Creates the event triggers on DDL; false where the role may not. Call it as a superuser.';

select penstock.watch_ddl();

-- They run with the owner's rights, and schema penstock is open to readers. Triggers, and what
-- they call, need no grant.
revoke execute on function
    penstock.take_turn(int, regclass, text),
    penstock.cancel_held(regclass, regclass),
    penstock.apply_held(),
    penstock.after_change(oid, oid, oid),
    penstock.stand_on(regclass, regclass),
    penstock.tell_rows(regclass, regclass, boolean),
    penstock.adopt(regclass, boolean),
    penstock.let_go(),
    penstock.adopt_partitions(regclass),
    penstock.suspend(text, text, text, text, text, text, text)
from public;
