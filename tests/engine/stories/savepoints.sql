-- story: what a savepoint takes back was never there
-- covers: savepoint, inner join, group by
-- tables
create table a (k int, x int);
create table b (k int, y int);
-- view: pairs
select a.x, b.y from a join b on b.k = a.k;
-- view: sums
select k, sum(x) as total from a group by k;
-- step: half of it taken back
insert into a values (1, 1);
savepoint one;
insert into b values (1, 10); insert into a values (1, 100);
rollback to savepoint one;
insert into b values (1, 20);
-- expect: pairs
values (1, 20);
-- step: two deep
savepoint one;
delete from a;
savepoint two;
with n as (insert into a values (2, 2) returning 1) insert into b values (2, 3);
rollback to savepoint two;
truncate b;
rollback to savepoint one;
release savepoint one;
-- expect: sums
values (1, 1::bigint);
-- step: an error in a function's block
do $$
begin
    insert into a values (1, 5);
    begin
        with n as (insert into a values (1, 50) returning 1) insert into b values (1, 50);
        raise exception 'no';
    exception when others then
        insert into b values (1, 6);
    end;
end $$;
-- expect: pairs
values (1, 20), (5, 20), (1, 6), (5, 6);
