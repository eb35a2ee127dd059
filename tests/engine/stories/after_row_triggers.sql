-- story: a user's AFTER ROW trigger writes another input, and the same one
-- covers: after trigger, inner join, group by
-- tables
create table orders (order_id int primary key, customer_id int, amount int);
create table customers (customer_id int primary key, orders int not null default 0);
create function count_order() returns trigger language plpgsql as $$
begin
    insert into public.customers values (new.customer_id, 1)
    on conflict (customer_id) do update set orders = public.customers.orders + 1;
    if new.amount > 100 then
        insert into public.orders values (new.order_id + 1000, new.customer_id, new.amount - 100);
    end if;
    return null;
end $$;
create trigger counted after insert on orders for each row execute function count_order();
-- view: shown
select o.order_id, o.amount, c.orders from orders as o join customers as c on c.customer_id = o.customer_id;
-- view: totals
select customer_id, count(*) as orders, sum(amount) as amount, min(amount) as least from orders group by customer_id;
-- step: three orders, one of them splits
insert into orders values (1, 1, 5), (2, 1, 150), (3, 2, 7);
-- expect: shown
values (1, 5, 3), (2, 150, 3), (3, 7, 1), (1002, 50, 3);
-- step: it splits twice
insert into orders values (10, 1, 201);
-- step: by a data-modifying CTE
with c as (update customers set orders = 0 returning 1) insert into orders values (20, 1, 101), (21, 3, 1);
