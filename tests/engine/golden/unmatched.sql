-- model: rows without a match, kept as a bag
-- tables
create table a (k int, x text);
create table b (k int);
-- view
select a.x from a where not exists (select from b where b.k = a.k)
