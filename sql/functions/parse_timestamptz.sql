-- Text that may be a time. One bad row must not stop every writer, so nothing here raises: the
-- pattern and the calendar let through only what the cast takes. No exception block, which would
-- start a subtransaction for each value and bar parallel plans; no SET, which would cost as much
-- as the rest. Hence the qualified names: the caller's search_path decides nothing.

create or replace function penstock.to_timestamptz(value text)
returns timestamptz
language plpgsql
immutable
parallel safe
strict
as $$
begin
    -- As JSON.stringify writes it, in months of 28 days or more: what nearly all of them are.
    -- Looking two digits up among those allowed takes two thirds of the time of one regular
    -- expression over all of them, and this function was a tenth of what an event costs.
    if value operator(pg_catalog.~~) '____-__-__T__:__:__.___Z'
        and pg_catalog.left(value, 2) operator(pg_catalog.=) any ('{19,20,21}')
        and pg_catalog.btrim(
            pg_catalog.substr(value, 3, 2) operator(pg_catalog.||) pg_catalog.substr(value, 21, 3),
            '0123456789'
        ) operator(pg_catalog.=) ''
        and pg_catalog.substr(value, 6, 2) operator(pg_catalog.=)
            any ('{01,02,03,04,05,06,07,08,09,10,11,12}')
        and pg_catalog.substr(value, 9, 2) operator(pg_catalog.=) any (
            '{01,02,03,04,05,06,07,08,09,10,11,12,13,14,'
            '15,16,17,18,19,20,21,22,23,24,25,26,27,28}'
        )
        and pg_catalog.substr(value, 12, 2) operator(pg_catalog.=) any (
            '{00,01,02,03,04,05,06,07,08,09,10,11,'
            '12,13,14,15,16,17,18,19,20,21,22,23}'
        )
        and pg_catalog.substr(value, 15, 2) operator(pg_catalog.=) any (
            '{00,01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,'
            '20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,'
            '40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59}'
        )
        and pg_catalog.substr(value, 18, 2) operator(pg_catalog.=) any (
            '{00,01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,'
            '20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,'
            '40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59}'
        )
    then
        return value::pg_catalog.timestamptz;
    end if;
    -- Only ISO 8601: 'now', 'today' and 'infinity' are times to PostgreSQL, and no event's.
    if value operator(pg_catalog.!~)
        '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\.[0-9]{1,9})?)?(?:[Zz]|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?)?$'
        or pg_catalog.left(value, 4) operator(pg_catalog.=) '0000'
    then
        return null;
    end if;
    if pg_catalog.substr(value, 9, 2) operator(pg_catalog.>) '28' then
        -- The day must be in its month: 30 days have April, June, September and November.
        if pg_catalog.substr(value, 6, 2) operator(pg_catalog.=) '02' then
            if pg_catalog.substr(value, 9, 2) operator(pg_catalog.>) '29'
                or pg_catalog.substr(value, 1, 4)::pg_catalog.int4 operator(pg_catalog.%) 4
                    operator(pg_catalog.<>) 0
                or (
                    pg_catalog.substr(value, 1, 4)::pg_catalog.int4 operator(pg_catalog.%) 100
                        operator(pg_catalog.=) 0
                    and pg_catalog.substr(value, 1, 4)::pg_catalog.int4 operator(pg_catalog.%) 400
                        operator(pg_catalog.<>) 0
                )
            then
                return null;
            end if;
        elsif pg_catalog.substr(value, 9, 2) operator(pg_catalog.=) '31'
            and pg_catalog.substr(value, 6, 2) operator(pg_catalog.=)
                any (array['04', '06', '09', '11'])
        then
            return null;
        end if;
    end if;
    -- Without a zone it is UTC, whatever the session's zone; a date alone is its midnight.
    if pg_catalog.length(value) operator(pg_catalog.=) 10 then
        return (value operator(pg_catalog.||) 'T00:00Z')::pg_catalog.timestamptz;
    end if;
    if pg_catalog.right(value, 1) operator(pg_catalog.=) any (array['Z', 'z'])
        or pg_catalog.strpos(value, '+') operator(pg_catalog.>) 0
        or pg_catalog.strpos(pg_catalog.substr(value, 11), '-') operator(pg_catalog.>) 0
    then
        return value::pg_catalog.timestamptz;
    end if;
    return (value operator(pg_catalog.||) 'Z')::pg_catalog.timestamptz;
end
$$;

comment on function penstock.to_timestamptz(text) is
    'ISO 8601 text as timestamptz, NULL where it is none; without a zone it is UTC.';
