-- What the connector and the readers may do, where an administrator made those roles.
-- A maintained view is written with its owner's rights, so no role here sees penstock_state.

do $$
begin
    if exists (select from pg_roles where rolname = 'penstock_connector') then
        grant usage on schema penstock to penstock_connector;
        grant select on
            penstock.alembic_version, penstock.functions, penstock.subscriptions
            to penstock_connector;
        grant select, insert, update on penstock.source_offsets to penstock_connector;
        grant select, insert, update on penstock.dead_letters to penstock_connector;
        grant insert on penstock.timed_batches to penstock_connector;
    end if;
    if exists (select from pg_roles where rolname = 'penstock_reader') then
        grant usage on schema penstock, public to penstock_reader;
        grant select on
            penstock.alembic_version, penstock.functions, penstock.subscriptions,
            penstock.source_offsets, penstock.dead_letters, penstock.views,
            penstock.suspensions
            to penstock_reader;
        alter default privileges in schema public grant select on tables to penstock_reader;
    end if;
end
$$;
