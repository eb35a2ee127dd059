-- schedule: two sessions upsert the same keys, in different order
-- covers: on conflict, join
-- tables
create table stock (product int primary key, quantity int);
create table prices (product int, price int);
-- view
select s.product, s.quantity * p.price as value from stock as s join prices as p on p.product = s.product;
-- rows
insert into prices values (1, 10), (2, 20); insert into stock values (1, 1);
-- session: one, then two
insert into stock values (1, 5) on conflict (product) do update set quantity = stock.quantity + 5;
-- then
insert into stock values (2, 5) on conflict (product) do update set quantity = stock.quantity + 5;
-- session: two, then one
insert into stock values (2, 7) on conflict (product) do update set quantity = stock.quantity + 7;
-- then
insert into stock values (1, 7) on conflict (product) do update set quantity = stock.quantity + 7;
