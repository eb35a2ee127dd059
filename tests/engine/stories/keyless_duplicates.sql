-- story: a table without a key holds duplicates, and so does its view
-- covers: bag, keyless, filter
-- tables
create table t (x int, y text);
-- view
select y, x + 1 as next from t where x > 0 or x is null;
-- step: three of a kind
insert into t values (1, 'a'), (1, 'a'), (1, 'a'), (null, null), (null, null), (0, 'z');
-- expect
values ('a', 2), ('a', 2), ('a', 2), (null, null), (null, null);
-- step: one of them goes
delete from t where ctid = (select min(ctid) from t where x = 1);
-- step: another changes
update t set y = 'b' where ctid = (select min(ctid) from t where x = 1);
-- expect
values ('a', 2), ('b', 2), (null, null), (null, null);
-- step: projecting to the same row
update t set y = 'a', x = 1;
-- step: all but one
delete from t where ctid > (select min(ctid) from t);
