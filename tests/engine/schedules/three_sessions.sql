-- schedule: three sessions write three tables of one view
-- covers: n-way join, deadlock
-- tables
create table a (k int);
create table b (k int, l int);
create table c (l int);
-- view: triples
select a.k, b.l from a join b on b.k = a.k join c on c.l = b.l;
-- view: rest
select a.k from a where not exists (select from b where b.k = a.k);
-- session: one
insert into a values (1);
-- session: two
insert into b values (1, 1);
-- session: three
insert into c values (1);
