-- story: a sum of counts, a count of sums
-- covers: group by, derived table
-- tables
create table t (a int, b int, x int);
-- view
select total % 2 as parity, count(*) as groups, sum(rows) as rows, min(a) as a
from (select a, b, count(*) as rows, coalesce(sum(x), 0) as total from t group by a, b) as inner_groups
group by total % 2;
-- step: some
insert into t values (1, 1, 1), (1, 1, 2), (1, 2, 4), (2, 1, null), (null, null, 5);
-- step: groups move between outer groups
update t set x = x + 1;
-- step: keys move
update t set b = a;
-- step: gone
delete from t where a = 1;
