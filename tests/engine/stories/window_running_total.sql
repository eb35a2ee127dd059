-- story: running totals per account, as rows come late, change and go
-- covers: window, running sum, retraction
-- tables
create table moves (id int primary key, account int, at int, amount numeric);
-- view
select id, account, amount, sum(amount) over (partition by account order by at, id) as balance,
    count(*) over (partition by account) as moves
from moves;
-- step: two accounts
insert into moves values (1, 1, 10, 5.0), (2, 1, 20, 2.50), (3, 2, 10, 1), (4, null, 1, 7), (5, null, 2, 1);
-- expect
values (1, 1, 5.0, 5.0, 2::bigint), (2, 1, 2.50, 7.50, 2), (3, 2, 1, 1, 1), (4, null, 7, 7, 2), (5, null, 1, 8, 2);
-- step: one comes late
insert into moves values (6, 1, 5, 100);
-- step: an amount changes, and its scale only
update moves set amount = 3 where id = 2;
update moves set amount = 5.00 where id = 1;
-- step: a move goes to another account, another to none
update moves set account = 2 where id = 1;
update moves set account = null, at = 0 where id = 3;
-- step: one leaves, then all of an account
delete from moves where id = 4;
delete from moves where account = 1;
-- step: nothing is left
truncate moves;
