-- story: keys change, swap and shift
-- covers: update, keyed, inner join
-- tables
create table a (id int primary key deferrable, k int unique deferrable, x text);
create table b (k int, y text);
-- view
select a.id, a.k, a.x, b.y from a join b on b.k = a.k;
-- step: three
insert into a values (1, 1, 'x'), (2, 2, 'y'), (3, 3, 'z'); insert into b values (1, 'p'), (2, 'q');
-- step: all shift by one
update a set id = id + 1;
-- step: keys rotate
update a set k = k % 3 + 1;
-- step: the other side's keys swap
update b set k = 3 - k;
