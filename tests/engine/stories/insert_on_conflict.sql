-- story: INSERT ON CONFLICT inserts some rows and updates others
-- covers: on conflict, group by, inner join
-- tables
create table stock (product int primary key, place text, quantity int);
create table prices (product int, price int);
-- view: by_place
select place, count(*) as products, sum(quantity) as quantity, max(quantity) as most from stock group by place;
-- view: worth
select s.product, s.quantity * p.price as value from stock as s join prices as p on p.product = s.product;
-- step: two new ones
insert into prices values (1, 10), (2, 20), (3, 30);
insert into stock values (1, 'a', 1), (2, 'a', 2)
on conflict (product) do update set quantity = stock.quantity + excluded.quantity;
-- step: one new, one known
insert into stock values (2, 'b', 5), (3, 'b', 3)
on conflict (product) do update set quantity = stock.quantity + excluded.quantity, place = excluded.place;
-- expect: by_place
values ('a', 1::bigint, 1::bigint, 1), ('b', 2, 10, 7);
-- step: only known ones, only some of them changed
insert into stock values (1, 'c', 5), (3, 'c', 3)
on conflict (product) do update set place = excluded.place where stock.product = 3;
-- step: nothing happens
insert into stock values (1, 'z', 9) on conflict do nothing;
-- step: two tables at once, by upserts
with p as (insert into prices select product, 1 from stock returning 1)
insert into stock values (1, 'd', 1), (4, 'd', 4) on conflict (product) do update set place = excluded.place;
