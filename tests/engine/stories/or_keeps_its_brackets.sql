-- story: OR beside AND keeps its brackets
-- covers: filter
-- tables
create table t (x int, y int);
-- view: filtered
select x, y from t where x > 1 and (y = 1 or y is null);
-- view: joined
select a.x, b.y from t as a join t as b on a.x = b.x and (a.y = 1 or b.y = 2) where (a.x = 1 or b.y is null or a.y is null) and not (a.x = 3 or b.x = 4);
-- view: grouped
select x, count(*) as rows from t where x is not null and (y > 0 or x = 2) group by x having x < 3 and (count(*) > 1 or x = 2);
-- view: unmatched
select a.x from t as a left join t as b on b.x = a.x and (b.y = 1 or b.y = 2) where a.y is null and (b.y is null or b.y = 1);
-- step: all combinations
insert into t select nullif(x, 0), nullif(y, 0) from generate_series(0, 4) as x, generate_series(0, 2) as y;
-- step: some move
update t set y = y + 1 where x = 1 or x = 2;
-- step: some go
delete from t where y = 2 or y is null and x = 2;
