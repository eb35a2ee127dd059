-- story: a plain view over a maintained view is an input like any other
-- covers: plain view, cascade
-- tables
create table t (g int, x int);
-- view: totals
select g, sum(x) as total from t group by g;
-- view: sorted
select case when total > 5 then 'big' else 'small' end as size, count(*) as groups from totals group by 1;
-- step: some
insert into t values (1, 3), (1, 3), (2, 1), (3, null);
-- expect: sorted
values ('big', 1::bigint), ('small', 2);
-- step: a group grows
insert into t values (2, 9);
-- step: and shrinks
delete from t where x = 9;
