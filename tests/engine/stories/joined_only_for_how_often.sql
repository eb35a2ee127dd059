-- story: a joined view of which only the number of rows matters
-- covers: left join, cross join, keyless duplicates, update of a multiplicity
-- tables
create table a (id int primary key, k int);
create table b (k int);
-- view: keys
select k from b where k is not null;
-- view: beside
select a.id from a left join keys on true;
-- view: crossed
select a.id from a cross join keys;
-- step: one of two
insert into a values (1, 1);
insert into b values (1), (2);
-- step: more of the same, which is an update of how often
insert into b values (1), (1);
-- expect: beside
values (1), (1), (1), (1);
-- step: and fewer
delete from b where k = 1;
