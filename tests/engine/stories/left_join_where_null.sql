-- story: an anti join written as a left join and IS NULL
-- covers: left join, anti join
-- tables
create table a (k int, x text);
create table b (k int not null, y text);
-- view
select a.x from a left join b on b.k = a.k where b.k is null;
-- step: unmatched
insert into a values (1, 'one'), (2, 'two'), (null, 'none');
insert into b values (1, null);
-- expect
values ('two'), ('none');
-- step: the match moves
update b set k = 2;
