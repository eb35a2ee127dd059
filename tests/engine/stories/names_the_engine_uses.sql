-- story: columns and tables named like the engine's own
-- covers: identifiers, group by, inner join, distinct
-- tables
create table new_rows (k int, fresh int, delta int, s int, m int);
create table old_rows (k int, state int, body int, merged int, rows int, image int, came int, net int, added int, removed int);
-- view: delta
select n.k, n.fresh, o.state, o.rows, o.added from new_rows as n join old_rows as o on o.k = n.k;
-- view: merged
select n.m, sum(n.s) as s, count(*) as rows, min(n.delta) as delta, max(n.fresh) as fresh from new_rows as n group by n.m;
-- view: touched
select distinct body, removed, image from old_rows;
-- view: counted
select o.k, o.came, n.delta as net from old_rows as o left join new_rows as n on n.k = o.k and n.s = o.net;
-- view: fresh
select x.k, y.s, y.fresh from new_rows as x join new_rows as y on y.m = x.k;
-- step: rows
insert into new_rows values (1, 1, 1, 1, 1), (1, 2, 3, 4, 5), (2, 2, 2, 2, 2);
insert into old_rows values (1, 1, 1, 1, 1, 1, 1, 1, 1, 1), (2, 1, 1, 1, 1, 1, 1, 2, 1, 1);
-- step: change
update new_rows set m = 1, s = s + 1; delete from old_rows where k = 1;
-- step: both
with n as (update new_rows set k = 3 - k returning 1) insert into old_rows select k, k, k, k, k, k, k, k, k, k from new_rows;
-- step: all go
delete from old_rows;
