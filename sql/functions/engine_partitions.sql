-- Partitions of an input. Statement triggers fire on the table that a command names, so every
-- partition, at every level, carries the same triggers as its root. A partition that comes with
-- rows is told as rows that came, one that goes as rows that went.

create or replace function penstock.stand_on(root regclass, partition regclass)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    ours constant text := '^penstock_[0-9]{5}_';
    t record;
begin
    -- Row triggers PostgreSQL gives to partitions by itself.
    -- A trigger that the root has no more, or has with another pipeline.
    for t in
        select p.tgname from pg_trigger as p
        where p.tgrelid = partition and p.tgname ~ ours and p.tgtype & 1 = 0 and not exists (
            select from pg_trigger as r
            where r.tgrelid = root and r.tgname = p.tgname
                and r.tgfoid = p.tgfoid and r.tgargs = p.tgargs
        )
    loop
        execute format('drop trigger %I on %s', t.tgname, partition);
    end loop;
    for t in
        select r.* from pg_trigger as r
        where r.tgrelid = root and r.tgname ~ ours and r.tgtype & 1 = 0 and not exists (
            select from pg_trigger as p where p.tgrelid = partition and p.tgname = r.tgname
        )
    loop
        -- Bits of tgtype: 2 before, 4 insert, 8 delete, 16 update, 32 truncate.
        execute format(
            'create trigger %I %s %s on %s %s for each statement execute function %s(%s)',
            t.tgname,
            case when t.tgtype & 2 <> 0 then 'before' else 'after' end,
            concat_ws(
                ' or ',
                case when t.tgtype & 4 <> 0 then 'insert' end,
                case when t.tgtype & 8 <> 0 then 'delete' end,
                case when t.tgtype & 16 <> 0 then 'update' end,
                case when t.tgtype & 32 <> 0 then 'truncate' end
            ),
            partition,
            case when coalesce(t.tgnewtable, t.tgoldtable) is not null then concat_ws(
                ' ', 'referencing',
                'new table as ' || quote_ident(t.tgnewtable),
                'old table as ' || quote_ident(t.tgoldtable)
            ) end,
            t.tgfoid::regproc,
            (
                select string_agg(quote_literal(a.argument), ', ' order by a.position)
                from unnest(string_to_array(encode(t.tgargs, 'escape'), '\000'))
                    with ordinality as a (argument, position)
                where a.position <= t.tgnargs
            )
        );
    end loop;
    for t in
        select p.tgname from pg_trigger as p
        where p.tgrelid = partition and p.tgname ~ ours and p.tgtype & 1 = 0
            and p.tgenabled <> 'A'
    loop
        execute format('alter table %s enable always trigger %I', partition, t.tgname);
    end loop;
end
$$;

comment on function penstock.stand_on(regclass, regclass) is
    'Gives a partition the triggers that its root has.';

create or replace function penstock.tell_rows(root regclass, relation regclass, came boolean)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    input penstock.inputs;
    target regclass;
    columns text;
begin
    select i.* into strict input
    from penstock.inputs as i
    join pg_namespace as n on n.nspname = i.schema_name
    join pg_class as c on c.relnamespace = n.oid and c.relname = i.table_name
    where c.oid = root;
    perform penstock.take_turn(
        input.pipeline,
        format('penstock_state.pipeline_%s', input.pipeline)::regclass,
        format('views of %s', root)
    );
    target := case when came then input.held_new else input.held_old end;
    select string_agg(', ' || quote_ident(attname), '' order by attnum) into columns
    from pg_attribute
    where attrelid = target and attnum > 0 and not attisdropped and attname <> '__held';
    execute format(
        'insert into %1$s (__held%2$s) select true%2$s from %3$s', target, columns, relation
    );
    perform set_config(
        'penstock.open', coalesce(nullif(current_setting('penstock.open', true), ''), '0'), true
    );
    perform penstock.after_change(root, input.held_new::regclass, input.held_old::regclass);
    -- Nothing of the root's own is about to be told.
    perform set_config('penstock.skip', '', true);
end
$$;

comment on function penstock.tell_rows(regclass, regclass, boolean) is
    'Tells the views of an input that all rows of a relation came to it, or went from it.';

create or replace function penstock.adopt(root regclass, telling boolean)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    p record;
begin
    for p in
        select
            t.relid::regclass as relation, t.isleaf, c.relkind, c.relowner,
            not exists (
                select from pg_trigger as g
                where g.tgrelid = t.relid and g.tgname = 'penstock_00000_before'
            ) as is_new
        from pg_partition_tree(root) as t
        join pg_class as c on c.oid = t.relid
        where t.relid <> root
        order by t.level, t.relid
    loop
        if p.relkind = 'f' then
            raise feature_not_supported using
                message = format(
                    'the foreign table %s cannot be a partition of %s, which maintained views read',
                    p.relation, root
                ),
                hint = 'Its rows change without a trigger: use a local table.';
        end if;
        if not pg_has_role(p.relowner, 'usage') then
            raise insufficient_privilege using
                message = format('%s cannot be followed: %s owns it', p.relation, p.relowner::regrole),
                hint = format(
                    'Partitions of %s must belong to its owner, or to a role that %s is a member of.',
                    root, current_user
                );
        end if;
        perform penstock.stand_on(root, p.relation);
        if telling and p.is_new and p.isleaf then
            perform penstock.tell_rows(root, p.relation, true);
        end if;
    end loop;
end
$$;

comment on function penstock.adopt(regclass, boolean) is
    'Follows every partition of an input; telling: rows of new ones have just come with them.';

create or replace function penstock.let_go()
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    gone record;
    t record;
begin
    -- A table that still has an input's triggers and is no part of it: it was detached.
    for gone in
        select distinct on (g.tgrelid) g.tgrelid::regclass as relation, root.tgrelid::regclass as root
        from pg_trigger as g
        join pg_trigger as root
            on root.tgfoid = g.tgfoid and root.tgname = g.tgname and root.tgrelid <> g.tgrelid
        join pg_class as c on c.oid = root.tgrelid and c.relkind = 'p' and not c.relispartition
        join pg_namespace as n on n.oid = c.relnamespace
        join penstock.inputs as i on i.schema_name = n.nspname and i.table_name = c.relname
        join pg_class as own on own.oid = g.tgrelid and not own.relispartition
        where g.tgname = 'penstock_00000_capture_insert'
    loop
        perform penstock.tell_rows(gone.root, gone.relation, false);
        for t in
            select g.tgname, g.tgrelid::regclass as relation
            from pg_partition_tree(gone.relation) as p
            join pg_trigger as g on g.tgrelid = p.relid
            where g.tgname ~ '^penstock_[0-9]{5}_'
            union
            select g.tgname, g.tgrelid::regclass from pg_trigger as g
            where g.tgrelid = gone.relation and g.tgname ~ '^penstock_[0-9]{5}_'
        loop
            execute format('drop trigger %I on %s', t.tgname, t.relation);
        end loop;
    end loop;
end
$$;

comment on function penstock.let_go() is
    'Takes the rows of detached partitions out of the views, and the triggers off them.';

create or replace function penstock.adopt_partitions(root regclass)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    p regclass;
    has_rows boolean;
begin
    for p in
        select t.relid
        from pg_partition_tree(root) as t
        join pg_inherits as i on i.inhrelid = t.relid
        where t.isleaf and t.relid <> root
            and i.xmin::text::bigint <> pg_current_xact_id()::text::bigint % 4294967296
            and not exists (
                select from pg_trigger as g
                where g.tgrelid = t.relid and g.tgname = 'penstock_00000_before'
            )
    loop
        execute format('select exists (select from %s)', p) into has_rows;
        if has_rows then
            -- Those written by way of the root are in the views, the others are not.
            raise object_not_in_prerequisite_state using
                message = format('%s has rows that the views of %s may not have', p, root),
                hint = 'Run dbt, which builds those views again; next time call this in the'
                    ' transaction that attaches the partition.';
        end if;
    end loop;
    perform penstock.let_go();
    perform penstock.adopt(root, true);
end
$$;

comment on function penstock.adopt_partitions(regclass) is
    'Where no event trigger may be: call it in the transaction that creates, attaches or detaches.';
