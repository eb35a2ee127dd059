-- story: IN a subquery, with duplicates and NULL on both sides
-- covers: in, semi join, NULL
-- tables
create table t (x int, y int);
create table s (x int, y int);
-- view: single
select x, y from t where x in (select s.x from s where s.y > 0);
-- view: pair
select x, y from t where (x, y) in (select s.x, s.y from s);
-- step: some
insert into t values (1, 1), (1, 1), (2, 2), (null, 1);
insert into s values (1, 1), (1, 2), (null, 1), (2, 0);
-- expect: single
values (1, 1), (1, 1);
-- step: s moves
update s set y = y - 1;
-- step: s goes
delete from s where x = 1;
