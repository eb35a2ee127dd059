-- A subscription lets the connector write its landing table, and tells a running connector.
-- As the role that owns the table: whoever may subscribe a table may write to it already.

create or replace function penstock.subscription_changed() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from pg_roles where rolname = 'penstock_connector')
        and to_regclass(format('%I.%I', new.landing_schema, new.landing_table)) is not null
    then
        execute format('grant usage on schema %I to penstock_connector', new.landing_schema);
        execute format(
            'grant insert on %I.%I to penstock_connector', new.landing_schema, new.landing_table
        );
    end if;
    perform pg_notify('penstock_subscriptions', new.topic);
    return null;
end
$$;

comment on function penstock.subscription_changed() is
    'Grants the connector INSERT on a subscribed table and notifies penstock_subscriptions.';

drop trigger if exists subscription_changed on penstock.subscriptions;
create trigger subscription_changed
after insert or update on penstock.subscriptions
for each row execute function penstock.subscription_changed();
