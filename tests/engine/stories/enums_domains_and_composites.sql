-- story: enums order as declared, domains and composites keep their types
-- covers: enum, domain, composite, min, group by
-- tables
create type mood as enum ('sad', 'ok', 'happy');
create domain score as int check (value > 0);
create type place as (x int, y int);
create table t (id int primary key, feeling mood, points score, at place, feelings mood[]);
-- view: shown
select feeling, points, at, feelings from t;
-- view: by_feeling
select feeling, min(points) as least, max(feeling) as top, sum(points) as total, count(distinct at) as places from t group by feeling;
-- view: best
select distinct on (at) at, feeling, id from t order by at, feeling desc, id;
-- view: moods
select max(feeling) as happiest, min(feeling) as saddest from t where feeling > 'sad' or points is not null;
-- step: rows
insert into t values (1, 'sad', 1, '(1,2)', '{sad,ok}'), (2, 'happy', 2, '(1,2)', null), (3, 'ok', null, null, '{}');
-- expect: best
values ('(1,2)'::place, 'happy'::mood, 2), (null, 'ok', 3);
-- step: the happiest leaves
delete from t where feeling = 'happy';
-- step: moods change
update t set feeling = 'happy', at = '(3,)' where id = 1;
