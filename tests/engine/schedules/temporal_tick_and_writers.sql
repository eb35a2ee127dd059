-- schedule: ticks between the writes of both sides of a join
-- covers: temporal filter, inner join, group by
-- tables
create table users (id int primary key, seen timestamptz);
create table orders (user_id int, at timestamptz);
-- view
select u.id, count(*) as n from users as u join orders as o on o.user_id = u.id and o.at > now() - interval '1 day'
where u.seen > now() - interval '2 days' group by u.id;
-- rows
insert into users select 1, at from penstock.clocks() union all select 2, at - interval '47 hours' from penstock.clocks();
insert into orders select 1, at from penstock.clocks() union all select 2, at - interval '23 hours' from penstock.clocks();
-- session: time
select penstock.tick(at + interval '40 minutes') from penstock.clocks();
-- then
select penstock.tick(at + interval '40 minutes') from penstock.clocks();
-- session: writer
insert into orders select 2, at - interval '23 hours' from penstock.clocks();
-- then
update users set seen = seen + interval '30 minutes';
delete from orders where user_id = 1;
