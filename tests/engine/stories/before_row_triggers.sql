-- story: a user's BEFORE ROW trigger changes or drops the row, or writes another input
-- covers: before trigger, inner join
-- tables
create table orders (order_id int primary key, customer_id int, amount int);
create table customers (customer_id int primary key, name text);
create function tidy() returns trigger language plpgsql as $$
begin
    if new.amount < 0 then
        return null;
    end if;
    new.amount := new.amount + 1;
    insert into public.customers values (new.customer_id, 'new') on conflict do nothing;
    return new;
end $$;
create trigger tidied before insert or update on orders for each row execute function tidy();
-- view
select o.order_id, o.amount, c.name from orders as o join customers as c on c.customer_id = o.customer_id;
-- step: one dropped, two changed
insert into orders values (1, 1, 5), (2, 1, -1), (3, 2, 7);
-- expect
values (1, 6, 'new'), (3, 8, 'new');
-- step: an update that the trigger extends
update orders set customer_id = 5;
