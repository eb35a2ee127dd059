-- What a scalar subquery is made of when it becomes a group: its one value, or SQL's own error.

create or replace function penstock.at_most_one(row_count bigint)
returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog
as $$
begin
    if row_count > 1 then
        raise cardinality_violation using
            message = 'more than one row returned by a subquery used as an expression';
    end if;
    return true;
end
$$;

comment on function penstock.at_most_one(bigint) is
    'True, or the error that PostgreSQL raises for a scalar subquery with several rows.';

create or replace function penstock.first_of_two(kept anyelement, next_value anyelement)
returns anyelement
language sql
immutable
strict
parallel safe
as 'select kept';

comment on function penstock.first_of_two(anyelement, anyelement) is 'The step of penstock.single_value().';

do $$
begin
    if to_regprocedure('penstock.single_value(anyelement)') is null then
        create aggregate penstock.single_value(anyelement) (
            sfunc = penstock.first_of_two,
            stype = anyelement,
            parallel = safe
        );
    end if;
end
$$;

comment on aggregate penstock.single_value(anyelement) is
    'The one value among the rows that is not NULL; any of them where there are several.';
