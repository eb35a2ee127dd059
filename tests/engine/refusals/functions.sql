-- refusal: a volatile function
-- tables
create table t (id int primary key, g int, x int, f float8, at timestamptz, on_day date, word text, doc jsonb);
create table u (id int primary key, g int, y int);
create sequence s;
-- view
select id, random() as r from t
-- error
random() is volatile and cannot be maintained
-- hint
compute it before the row is written, and store it
-- refusal: a volatile function in a filter
-- view
select id from t where x > random()
-- error
random() is volatile and cannot be maintained
-- hint
compute it before the row is written, and store it
-- refusal: clock_timestamp()
-- view
select id, clock_timestamp() as seen from t
-- error
clock_timestamp() is volatile and cannot be maintained
-- hint
compute it before the row is written, and store it
-- refusal: now() shown
-- view
select id, now() as seen from t
-- error
now() cannot be maintained outside a comparison
-- hint
compare a column with it, such as ts > now() - interval '7 days'; show an age when reading the view
-- refusal: an age
-- view
select id, now() - at as age from t
-- error
now() cannot be maintained outside a comparison
-- hint
compare a column with it, such as ts > now() - interval '7 days'; show an age when reading the view
-- refusal: now() compared with a constant
-- view
select id from t where now() > timestamptz '2030-01-01Z'
-- error
now() cannot be maintained unless it is compared with what rows alone say
-- hint
compare a column with it, such as ts > now() - interval '7 days'; show an age when reading the view
-- refusal: now() on both sides
-- view
select id from t where greatest(at, now()) > now()
-- error
now() on both sides cannot be maintained
-- hint
compare a column with it, such as ts > now() - interval '7 days'; show an age when reading the view
-- refusal: now() in a list
-- view
select id from t where at in (now(), now() - interval '1 day')
-- error
now() cannot be maintained outside a comparison
-- hint
compare a column with it, such as ts > now() - interval '7 days'; show an age when reading the view
-- refusal: a month added to a column and compared with now()
-- view
select id from t where at + interval '1 month' > now()
-- error
a day added to a timestamptz depends on the session's time zone and cannot be maintained
-- hint
add hours, or add to (column at time zone 'UTC')
-- refusal: a join key that depends on now()
-- view
select t.id, u.y from t join u on u.g = case when t.at > now() then t.g end
-- error
a join whose key depends on now() cannot be maintained
-- hint
filter by now() in a subquery in FROM, and join that
-- refusal: statement_timestamp()
-- view
select id from t where at > statement_timestamp() - interval '1 day'
-- error
statement_timestamp() cannot be maintained
-- hint
compare with now() instead
-- refusal: current_date
-- view
select id from t where on_day = current_date
-- error
CURRENT_DATE depends on the session's time zone and cannot be maintained
-- hint
write (now() at time zone 'UTC')::date
-- refusal: localtimestamp
-- view
select id from t where at at time zone 'UTC' > localtimestamp
-- error
LOCALTIMESTAMP depends on the session's time zone and cannot be maintained
-- hint
write (now() at time zone 'UTC')
-- refusal: a date compared with now()
-- view
select id from t where on_day > now()
-- error
date_gt_timestamptz() depends on the session's settings and cannot be maintained
-- hint
compare like with like: (now() at time zone 'UTC'), or (… at time zone 'UTC')::date
-- refusal: the day of now()
-- view
select id from t where on_day = now()::date
-- error
date() depends on the session's settings and cannot be maintained
-- hint
use an immutable form, such as (column at time zone 'UTC')::date
-- refusal: current_user
-- view
select id, current_user as who from t
-- error
the current time, date or user cannot be maintained
-- hint
store it with the row, or filter when reading the view
-- refusal: a cast from text to timestamptz
-- view
select id, word::timestamptz as at from t
-- error
a cast from text to a date or time depends on the session and may raise
-- hint
use penstock.to_timestamptz(), which gives NULL instead
-- refusal: a cast from text to date
-- view
select id, word::date as day from t
-- error
a cast from text to a date or time depends on the session and may raise
-- hint
use penstock.to_timestamptz(), which gives NULL instead
-- refusal: a cast from timestamptz to text
-- view
select id, at::text as at from t
-- error
a cast from a date or time to text depends on the session's settings
-- hint
keep the value, and format it when reading the view
-- refusal: a cast from timestamptz to date
-- view
select id, at::date as day from t
-- error
date() depends on the session's settings and cannot be maintained
-- hint
use an immutable form, such as (column at time zone 'UTC')::date
-- refusal: date_trunc of a timestamptz
-- view
select date_trunc('day', at) as day, count(*) as n from t group by 1
-- error
date_trunc() depends on the session's settings and cannot be maintained
-- hint
use an immutable form, such as (column at time zone 'UTC')::date
-- refusal: to_char
-- view
select id, to_char(at, 'YYYY') as year from t
-- error
to_char() depends on the session's settings and cannot be maintained
-- hint
use an immutable form, such as (column at time zone 'UTC')::date
-- refusal: timestamptz plus interval
-- view
select id, at + interval '1 day' as next from t
-- error
a day added to a timestamptz depends on the session's time zone and cannot be maintained
-- hint
add hours, or add to (column at time zone 'UTC')
-- refusal: nextval()
-- view
select id, nextval('s') as n from t
-- error
nextval() is volatile and cannot be maintained
-- hint
compute it before the row is written, and store it
-- refusal: a sequence function hidden in CASE
-- view
select id, case when x > 1 then gen_random_uuid() end as u from t
-- error
gen_random_uuid() is volatile and cannot be maintained
-- hint
compute it before the row is written, and store it
