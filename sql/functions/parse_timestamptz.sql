-- Text that may be a time. One bad row must not stop every writer, so nothing here raises.

create or replace function penstock.to_timestamptz(value text)
returns timestamptz
language plpgsql
immutable
parallel safe
strict
set search_path = pg_catalog
set timezone = 'UTC'
set datestyle = 'ISO, MDY'
as $$
begin
    -- Only ISO 8601: 'now', 'today' and 'infinity' are times to PostgreSQL, and no event's.
    if value !~ '^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?( ?([Zz]|[+-]\d\d(:?\d\d)?))?)?$' then
        return null;
    end if;
    return value::timestamptz;
exception
    when data_exception then
        return null;
end
$$;

comment on function penstock.to_timestamptz(text) is
    'ISO 8601 text as timestamptz, NULL where it is none; without a zone it is UTC.';
