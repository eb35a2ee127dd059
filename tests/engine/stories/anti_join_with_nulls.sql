-- story: NOT EXISTS keeps rows whose key is NULL
-- covers: anti join, NULL
-- tables
create table a (k int, x text);
create table b (k int);
-- view
select a.k, a.x from a where not exists (select from b where b.k = a.k);
-- step: NULL everywhere
insert into a values (null, 'n'), (null, 'n'), (1, 'one');
insert into b values (null), (1), (1);
-- expect
values (null::int, 'n'), (null, 'n');
-- step: one of two goes, then the other
delete from b where ctid = (select min(ctid) from b where k = 1);
delete from b where k = 1;
-- expect
values (null, 'n'), (null, 'n'), (1, 'one');
-- step: NULL gets the key
update b set k = 1;
