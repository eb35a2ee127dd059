-- story: a self join of a table with duplicates, three times over
-- covers: self join, bag, keyless
-- tables
create table links (a int, b int);
-- view
select x.a, y.b as c, z.b as d from links as x join links as y on y.a = x.b join links as z on z.a = y.b;
-- step: a loop, twice
insert into links values (1, 1), (1, 1);
-- expect
select 1, 1, 1 from generate_series(1, 8);
-- step: one way out
insert into links values (1, 2), (2, 3), (null, 1), (3, null);
-- step: turn them all round
update links set a = b, b = a;
-- step: one of the loops goes
delete from links where ctid = (select min(ctid) from links where a = 1 and b = 1);
-- step: all go
delete from links;
