-- story: a user's AFTER STATEMENT trigger deletes from the same table
-- covers: after trigger, distinct, group by
-- tables
create table t (x int, y int);
create function keep_small() returns trigger language plpgsql as $$
begin
    if pg_trigger_depth() < 3 then
        delete from public.t where x > 10;
    end if;
    return null;
end $$;
create trigger a_small after insert or update on t for each statement execute function keep_small();
create trigger z_small after insert on t for each statement execute function keep_small();
-- view: rows
select distinct x from t;
-- view: sums
select y, sum(x) as total from t group by y;
-- step: some too large
insert into t values (1, 1), (11, 1), (12, 2);
-- expect: sums
values (1, 1::bigint);
-- step: grown too large
insert into t values (9, 3), (8, 3); update t set x = x + 2;
