-- The clocks of views that compare rows with now(), and the tick that moves them.

create or replace function penstock.clocks()
returns table (
    schema_name text, view_name text, clock text, pipeline int, every interval, at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    for schema_name, view_name, clock, pipeline, every in
        select
            v.schema_name, v.view_name, v.definition #>> '{clock,table}',
            (
                select i.pipeline
                from jsonb_array_elements(v.definition -> 'bases') as base
                join penstock.inputs as i
                    on i.schema_name = base ->> 0 and i.table_name = base ->> 1
                limit 1
            ),
            (v.definition #>> '{clock,every}')::interval
        from penstock.views as v
        where v.definition ? 'clock'
        order by 4, 1, 2
    loop
        execute format('select at from penstock_state.%I', clock) into at;
        return next;
    end loop;
end
$$;

comment on function penstock.clocks() is
    'Per view that compares with now(): the time it believes, and how often that is to be moved.';

create or replace function penstock.move_clocks(named text[], until timestamptz)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    inputs text;
    line int;
    one text;
    changed int;
    moved int := 0;
begin
    if coalesce(nullif(current_setting('penstock.open', true), ''), '0') <> '0' then
        raise object_not_in_prerequisite_state using
            message = 'a clock cannot tick inside a statement that changes an input of its views',
            hint = 'Call penstock.tick() in a statement of its own.';
    end if;
    -- As a writer of all inputs would: whoever builds, drops or moves a view keeps us out by
    -- their locks, and the clocks found after them are those that there are.
    select string_agg(format('%I.%I', relation[1], relation[2]), ', ' order by relation)
    into inputs
    from (
        select distinct array[base ->> 0, base ->> 1] as relation
        from penstock.views as v, jsonb_array_elements(v.definition -> 'bases') as base
        where v.definition #>> '{clock,table}' = any (named)
    ) as bases;
    if inputs is not null then
        execute format('lock table %s in row exclusive mode', inputs);
    end if;
    for line in
        select distinct c.pipeline from penstock.clocks() as c
        where c.clock = any (named) and c.pipeline is not null order by 1
    loop
        perform penstock.take_turn(
            line, format('penstock_state.pipeline_%s', line)::regclass, 'views'
        );
    end loop;
    perform set_config('penstock.ticking', 'on', true);
    for one in
        select c.clock from penstock.clocks() as c where c.clock = any (named) order by c.pipeline
    loop
        -- A clock never goes back: what has left a view would have to be found again.
        execute format('update penstock_state.%I set at = $1 where at < $1', one) using until;
        get diagnostics changed = row_count;
        moved := moved + changed;
    end loop;
    perform set_config('penstock.ticking', '', true);
    return moved;
end
$$;

comment on function penstock.move_clocks(text[], timestamptz) is
    'Moves these clocks to a time, in one transaction with what follows from it.';

create or replace function penstock.tick_clocks(named text[])
returns integer
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$ select penstock.move_clocks(named, now()) $$;

comment on function penstock.tick_clocks(text[]) is
    'Moves some clocks to now(); returns how many moved.';

create or replace function penstock.tick()
returns integer
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$ select penstock.move_clocks(array(select clock from penstock.clocks()), now()) $$;

comment on function penstock.tick() is
    'Moves the clock of every view that compares with now(); returns how many moved.';

create or replace function penstock.tick(until timestamptz)
returns integer
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$ select penstock.move_clocks(array(select clock from penstock.clocks()), until) $$;

comment on function penstock.tick(timestamptz) is
    'As penstock.tick(), to a given time; a clock ahead of it stays.';

revoke execute on function
    penstock.move_clocks(text[], timestamptz), penstock.tick(timestamptz),
    penstock.tick(), penstock.tick_clocks(text[]), penstock.clocks()
from public;

do $$
begin
    -- Who moves clocks moves them to now(), and nowhere else.
    if exists (select from pg_roles where rolname = 'penstock_connector') then
        grant execute on function
            penstock.clocks(), penstock.tick(), penstock.tick_clocks(text[])
            to penstock_connector;
    end if;
    if exists (select from pg_roles where rolname = 'penstock_reader') then
        grant execute on function penstock.clocks() to penstock_reader;
    end if;
end
$$;
