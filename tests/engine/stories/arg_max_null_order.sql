-- story: NULL times come first when descending, unless told otherwise
-- covers: arg-max, NULL order
-- tables
create table t (id int primary key, g int, at timestamptz, x text);
-- view
select
    g,
    (array_agg(x order by at desc, id desc))[1] as nulls_win,
    (array_agg(x order by at desc nulls last, id))[1] as nulls_lose,
    (array_agg(x order by at, id))[1] as earliest,
    (array_agg(x order by at nulls first, id desc))[1] as unknown_first
from t group by g;
-- step: with and without a time
insert into t values (1, 1, null, 'a'), (2, 1, '2026-01-01Z', 'b'), (3, 1, '2026-01-02Z', null), (4, 1, null, 'd');
-- step: the times change sides
update t set at = case when at is null then '2026-02-01Z'::timestamptz end;
-- step: some go
delete from t where id in (1, 4);
