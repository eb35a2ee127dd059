-- Where maintenance spends its time: each call of a trigger function notes its own, in sessions
-- with `set penstock.timing = on`. `penstock profile` has connectors do so while it watches.
--
-- Two settings, local to the transaction and undone with a savepoint, carry the state:
--   penstock.spent   microseconds that timed functions have taken so far, noting included
--   penstock.noting  microseconds that the last call took to note itself

create or replace function penstock.timing_begins()
returns bigint[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    return array[
        extract(epoch from clock_timestamp()) * 1000000,
        coalesce(nullif(current_setting('penstock.spent', true), ''), '0')::bigint
    ];
end
$$;

comment on function penstock.timing_begins() is
    'The time in microseconds, and what timed functions have spent so far.';

create or replace function penstock.timing_ends(begun bigint[], view_name text, function_name text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    ended constant timestamptz := clock_timestamp();
    -- What was spent since this function began, its own statements' triggers spent.
    children constant bigint :=
        coalesce(nullif(current_setting('penstock.spent', true), ''), '0')::bigint - begun[2];
    total constant bigint := extract(epoch from ended) * 1000000 - begun[1];
begin
    -- Any session may switch timing on, and forget it.
    if pg_relation_size('penstock.timings') < 100000000 then
        insert into penstock.timings (at, backend, view_name, function_name, total, self, noting)
        values (
            ended, pg_backend_pid(), view_name, function_name, total, greatest(total - children, 0),
            coalesce(nullif(current_setting('penstock.noting', true), ''), '0')::bigint
        );
    end if;
    perform set_config(
        'penstock.noting', round(extract(epoch from clock_timestamp() - ended) * 1000000)::text, true
    );
    perform set_config(
        'penstock.spent',
        round(begun[2] + extract(epoch from clock_timestamp()) * 1000000 - begun[1])::text,
        true
    );
end
$$;

comment on function penstock.timing_ends(bigint[], text, text) is
    'Notes a call of a trigger function in penstock.timings: its time, in all and its own.';

create or replace function penstock.is_profiled()
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- Whoever profiles holds this lock, so that timing ends with its session, whatever ends that.
    select exists (
        select from pg_locks as l
        join pg_database as d on d.oid = l.database
        where l.locktype = 'advisory' and l.granted and l.objsubid = 2
            and l.classid = 1349415287 and l.objid::bigint = 4294967295
            and d.datname = current_database()
    )
$$;

comment on function penstock.is_profiled() is
    'Whether a `penstock profile` watches this database: it holds the advisory lock (1349415287, -1).';

-- It writes with the owner's rights; trigger functions have them.
revoke execute on function penstock.timing_ends(bigint[], text, text) from public;
