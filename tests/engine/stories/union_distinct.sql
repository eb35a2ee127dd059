-- story: union shows a row once, whichever side has it
-- covers: union, distinct
-- tables
create table a (x int, y text);
create table b (x int, y text);
-- view
select x, y from a union select x, y from b;
-- step: both have it
insert into a values (1, 'p'), (1, 'p'), (null, null); insert into b values (1, 'p'), (null, null);
-- expect
values (1, 'p'), (null, null);
-- step: one has it no more
delete from a;
-- step: nobody has it
delete from b;
