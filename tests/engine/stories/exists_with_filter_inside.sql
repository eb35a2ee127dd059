-- story: EXISTS with a condition of its own
-- covers: exists, filter
-- tables
create table people (person_id int primary key, name text);
create table orders (order_id int primary key, person_id int, amount int);
-- view
select p.name from people as p
where exists (select from orders as o where o.person_id = p.person_id and o.amount > 5)
    and not exists (select from orders as o where o.person_id = p.person_id and o.amount < 0);
-- step: people and orders
insert into people values (1, 'Ada'), (2, 'Bob'), (3, 'Cy');
insert into orders values (10, 1, 6), (20, 2, 5), (30, 3, 7), (31, 3, -1);
-- expect
values ('Ada');
-- step: amounts change
update orders set amount = amount + 1;
-- expect
values ('Ada'), ('Bob'), ('Cy');
-- step: and back
update orders set amount = amount - 8;
