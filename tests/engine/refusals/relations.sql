-- refusal: the system catalogue
-- tables
create table t (id int primary key, g int, x int, f float8, at timestamptz, on_day date, word text, doc jsonb);
create table u (id int primary key, g int, y int);
create table parted (id int) partition by range (id);
create table parted_1 partition of parted for values from (0) to (10);
create table parent (id int);
create table child () inherits (parent);
create materialized view native as select id from t;
create table guarded (id int);
alter table guarded enable row level security;
-- view
select relname::text from pg_catalog.pg_class
-- error
the system catalogue cannot be maintained
-- hint
copy it into a table
-- refusal: a partition of a table
-- view
select id from parted_1
-- error
public.parted_1 is a partition: rows written by way of its root pass it by
-- hint
read from the partitioned table, and filter in the model
-- refusal: an inherited table
-- view
select id from parent
-- error
public.parent inherits or is inherited from, and cannot be maintained
-- hint
use declarative partitioning, or union all of plain tables
-- refusal: a native materialized view
-- view
select id from native
-- error
the native materialized view public.native cannot be maintained
-- hint
make it a maintained model, or a table
-- refusal: a table with row-level security
-- view
select id from guarded
-- error
public.guarded has row-level security, which a maintained view cannot honour
-- hint
filter in the model, and grant SELECT on the view only
