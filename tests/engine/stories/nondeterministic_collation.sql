-- story: a collation that ignores case joins and groups so
-- covers: collation, inner join, bag
-- requires: icu
-- random: which of two equal values stands for both is the server's choice
-- tables
create collation same_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create table t (id int primary key, name text collate same_case);
create table u (name text collate same_case, y int);
-- view: shown
select name from t;
-- view: pairs
select t.name, u.y from t join u on u.name = t.name;
-- view: rows
select y, count(*) as rows, count(distinct name) as names from u group by y;
-- step: two cases
insert into t values (1, 'Ada'), (2, 'ADA'), (3, 'eve'); insert into u values ('ada', 1), ('Ada', 1), ('EVE', 2);
-- expect: rows
values (1, 2::bigint, 1::bigint), (2, 1, 1);
-- step: one goes
delete from t where id = 1;
