-- story: citext groups and joins without case, and shows case
-- covers: citext, inner join, bag, count distinct
-- requires: citext
-- random: which of two equal values stands for both is the server's choice
-- tables
create extension citext;
create table t (id int primary key, name citext);
create table u (name citext, y int);
-- view: shown
select name from t where name is not null;
-- view: pairs
select t.id, t.name, u.y from t join u on u.name = t.name;
-- view: counted
select y, count(distinct name) as names, count(*) as rows from u group by y;
-- step: two cases of one name
insert into t values (1, 'Ada'), (2, 'ADA'), (3, 'bob'); insert into u values ('ada', 1), ('Ada', 1), ('Bob', 2);
-- expect: shown
values ('Ada'::text), ('ADA'), ('bob');
-- expect: counted
values (1, 1::bigint, 2::bigint), (2, 1, 1);
-- step: only the case changes
update t set name = 'aDA' where id = 1; update u set name = upper(name::text)::citext;
-- step: one goes
delete from t where id = 2;
