-- story: joins whose sides come and go with the time
-- covers: temporal filter, inner join, left join, self join, exists, not exists, in
-- tables
create table users (id int primary key, seen timestamptz, grp int);
create table orders (user_id int, amount int, at timestamptz);
-- view: both
select u.id, o.amount from users as u join orders as o on o.user_id = u.id and o.at > now() - interval '1 day' where u.seen > now() - interval '2 days';
-- view: outer_side
select u.id, o.amount from users as u left join orders as o on o.user_id = u.id and o.at > now() - interval '1 day';
-- view: outer_where
select u.id, o.amount from users as u left join orders as o on o.user_id = u.id where o.at > now() - interval '1 day' or o.at is null;
-- view: outer_both
select u.id, o.amount from users as u left join orders as o on o.user_id = u.id and o.at > now() - interval '1 day' where u.seen > now() - interval '2 days';
-- view: found
select id, seen from users as u where exists (select from orders as o where o.user_id = u.id and o.at > now() - interval '1 day');
-- view: idle
select id from users as u where not exists (select from orders as o where o.user_id = u.id and o.at > now() - interval '1 day') and u.seen > now() - interval '2 days';
-- view: within
select grp, count(*) as n from users where id in (select user_id from orders where at > now() - interval '1 day') group by grp;
-- view: pairs
select a.amount as a, b.amount as b from orders as a join orders as b on a.user_id = b.user_id and a.at > now() - interval '1 day' and b.at <= now() - interval '1 day';
-- view: late
select u.id, o.amount from users as u join orders as o on o.user_id = u.id where greatest(u.seen, o.at) > now() - interval '1 day';
-- step: rows
select penstock.tick('2035-02-03 12:00Z');
insert into users select i, timestamptz '2035-02-03 12:00Z' - i * interval '9 hours', i % 2 from generate_series(0, 9) as i;
insert into orders select i % 10, i, timestamptz '2035-02-03 12:00Z' - i * interval '5 hours' from generate_series(-3, 14) as i;
insert into orders values (1, 2, '2035-02-03 02:00Z'), (1, 2, '2035-02-03 02:00Z'), (null, 1, '2035-02-03 12:00Z'), (3, 99, null);
insert into users values (77, null, null);
-- step: some leave
select penstock.tick('2035-02-03 20:00Z');
-- step: the last match of some leaves
select penstock.tick('2035-02-04 02:00Z');
-- step: both sides change in one statement, then time passes
with u as (update users set seen = seen + interval '1 day' where id < 3 returning id), d as (delete from orders where amount = 5)
insert into orders select id, 50, '2035-02-04 01:00Z' from u;
select penstock.tick('2035-02-04 12:00Z');
-- step: keys change
update orders set user_id = user_id + 1;
select penstock.tick('2035-02-05 01:30Z');
-- step: nothing is new any more
select penstock.tick('2035-03-05 01:30Z');
-- step: a late order
insert into orders values (4, 7, '2035-03-05 01:00Z');
-- step: it expires
select penstock.tick('2035-03-06 01:30Z');
