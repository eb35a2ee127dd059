-- schedule: two sessions change one partition, and the first rows of the table
-- covers: window, top-n, cascade
-- tables
create table t (id int primary key, g int, x int);
-- view: running
select id, g, sum(x) over (partition by g order by id) as so_far, count(*) over (partition by g) as n from t;
-- view: best
select id, so_far from running order by so_far desc, id limit 2;
-- view: firsts
select g, id from (select g, id, row_number() over (partition by g order by x, id) as n from t) as r where n <= 2;
-- rows
insert into t values (1, 1, 5), (2, 1, 7), (3, 2, 1);
-- session: one adds, then moves a row to the other's partition
insert into t values (4, 1, 1);
-- then
update t set g = 2 where id = 1;
-- session: the other takes away, and adds in front
delete from t where id = 2;
-- then
insert into t values (0, 2, 9);
