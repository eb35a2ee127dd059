-- story: a projection that drops the key makes duplicates of different rows
-- covers: project, bag, keyed
-- tables
create table t (id int primary key, x int);
-- view
select x / 2 as half from t;
-- step: four rows, two halves
insert into t values (1, 2), (2, 3), (3, 4), (4, null);
-- expect
values (1), (1), (2), (null);
-- step: a change that shows nowhere
update t set x = 3 where id = 1;
-- step: and one that does
update t set x = 5 where id = 1;
