-- story: union all gives its branches one type
-- covers: union all, types
-- tables
create table a (x int, y varchar(10));
create table b (x numeric, y text);
-- view
select x, y from a union all select x, y from b union all select null, 'none' from a where x is null;
-- step: an integer and a numeric
insert into a values (1, 'p'), (null, 'q'); insert into b values (1.50, 'p');
-- expect
values (1::numeric, 'p'), (null, 'q'), (1.50, 'p'), (null, 'none');
