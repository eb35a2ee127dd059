-- story: constants, NULL columns and casts keep the SELECT's types
-- covers: project, types, union all, left join
-- tables
create table t (x int, v varchar(5), n numeric(6, 2));
-- view: constants
select 1 as one, 'a' as a, null as nothing, true as yes, 1.50 as n, x::bigint as big, v::text as long, n::numeric(10, 4) as wide, n * 2 as doubled from t;
-- view: same
select x, v, n, 'k'::char(3) as padded, x::numeric(5, 1) as fixed from t union all select x + 1, 'z', 7, 'q', null from t where x = 1;
-- step: rows
insert into t values (1, 'ab', 1.5), (null, null, null), (1, 'ab', 1.5);
-- step: change
update t set n = 2, v = 'c' where x is null;
delete from t where ctid = (select min(ctid) from t);
