-- story: a user's immutable function, also one in another schema
-- covers: project, function, group by
-- tables
create schema lib;
create function lib.tidy(value text) returns text language sql immutable as $$ select lower(trim(value)) $$;
create function bucket(x int) returns int language plpgsql immutable as $$ begin return x / 10; end $$;
create table t (id int primary key, name text, x int);
-- view
select lib.tidy(name) as name, bucket(x) as bucket, count(*) as rows from t where lib.tidy(name) <> '' group by lib.tidy(name), bucket(x);
-- step: rows
insert into t values (1, ' Ada', 11), (2, 'ada ', 12), (3, ' ', 1), (4, 'Bob', null);
-- expect
values ('ada', 1, 2::bigint), ('bob', null, 1);
-- step: change
update t set name = 'ADA', x = 19 where id = 4;
