-- story: conditions with now() about the outer side, and beside subqueries
-- covers: temporal filter, left join, full join, scalar subquery, not in, exists in or
-- tables
create table users (id int primary key, seen timestamptz, grp int);
create table orders (user_id int, amount int, at timestamptz);
-- view: gated
select u.id, o.amount from users as u left join orders as o on o.user_id = u.id and u.seen > now() - interval '1 day';
-- view: gated_both
select u.id, o.amount from users as u left join orders as o on o.user_id = u.id and u.seen > now() - interval '1 day' and o.at > now() - interval '2 days';
-- view: gated_exists
select id from users as u where exists (select from orders as o where o.user_id = u.id and u.seen > now() - interval '1 day');
-- view: gated_absent
select id from users as u where not exists (select from orders as o where o.user_id = u.id and u.seen > now() - interval '1 day');
-- view: full_sides
select u.id, o.user_id, o.amount from users as u full join orders as o on o.user_id = u.id and o.at > now() - interval '1 day';
-- view: last_order
select id, (select max(at) from orders as o where o.user_id = u.id) as last_at from users as u
where (select max(at) from orders as o where o.user_id = u.id) > now() - interval '1 day';
-- view: counted
select id, (select count(*) from orders as o where o.user_id = u.id and o.at > now() - interval '1 day') as n from users as u;
-- view: either
select id from users as u where u.seen > now() - interval '1 day' or exists (select from orders as o where o.user_id = u.id and o.at > now() - interval '1 day');
-- view: absent
select id from users where id not in (select user_id from orders where at > now() - interval '1 day');
-- view: busy
select grp, count(*) as n from users as u join lateral (select amount from orders as o where o.user_id = u.id and o.at > now() - interval '1 day') as o on true group by grp having count(*) > 1;
-- step: rows
select penstock.tick('2035-02-03 12:00Z');
insert into users select i, timestamptz '2035-02-03 12:00Z' - i * interval '9 hours', i % 2 from generate_series(0, 9) as i;
insert into orders select i % 12, i, timestamptz '2035-02-03 12:00Z' - i * interval '5 hours' from generate_series(-3, 14) as i;
insert into orders values (1, 2, '2035-02-03 02:00Z'), (1, 2, '2035-02-03 02:00Z'), (3, 99, null);
insert into users values (77, null, null);
-- step: some leave
select penstock.tick('2035-02-03 20:00Z');
-- step: a row without a user
insert into orders values (null, 1, '2035-02-03 12:00Z');
select penstock.tick('2035-02-04 02:00Z');
-- step: both sides change in one statement, then time passes
with u as (update users set seen = seen + interval '1 day' where id < 3 returning id), d as (delete from orders where amount = 5)
insert into orders select id, 50, '2035-02-04 01:00Z' from u;
select penstock.tick('2035-02-04 12:00Z');
-- step: keys change
update orders set user_id = user_id + 1;
update users set seen = seen + interval '5 hours';
select penstock.tick('2035-02-05 01:30Z');
-- step: nothing is new any more
select penstock.tick('2035-03-05 01:30Z');
