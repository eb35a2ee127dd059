-- story: deferred constraints, prepared statements, COPY that fails, rules, triggers that write again
-- covers: deferred constraint, prepared statement, COPY, rule, trigger, TRUNCATE CASCADE, savepoint
-- random: rules and triggers write what random rows do not expect
-- tables
create table accounts (id int primary key, owner text, balance numeric check (balance > -100));
create table moves (
    id serial, account int references accounts on delete cascade on update cascade deferrable initially deferred, amount numeric not null
);
create table audit (what text, account int);
create view open_accounts as select id, owner, balance from accounts where balance >= 0;
create rule moved as on insert to moves where new.amount = 0 do also insert into audit values ('zero', new.account);
create rule closed as on delete to open_accounts do instead update accounts set owner = null where id = old.id;
create function settle() returns trigger language plpgsql as $$
begin
    update accounts set balance = balance + new.amount where id = new.account;
    if new.amount > 100 then
        insert into moves (account, amount) values (new.account, -new.amount / 2);
    end if;
    insert into audit values (tg_op, new.account);
    return null;
end
$$;
create trigger settled after insert on moves for each row execute function settle();
create function tidy() returns trigger language plpgsql as $$
begin
    delete from audit where what = 'zero' and account in (select account from came);
    return null;
end
$$;
create trigger tidied after insert on audit referencing new table as came for each statement execute function tidy();
-- view: statements
select a.id, a.owner, a.balance, count(m.id) as moves, sum(m.amount) as moved
from accounts as a left join moves as m on m.account = a.id group by a.id, a.owner, a.balance;
-- view: seen
select u.what, u.account, a.balance from audit as u left join accounts as a on a.id = u.account;
-- view: tally
select what, count(*) as n from audit group by what;
-- view: grand
select count(*) as n, sum(balance) as total from accounts;
-- step: a row that refers to one which comes later
insert into moves (account, amount) values (1, 5);
insert into accounts values (1, 'Ada', 0), (2, 'Bob', 50);
-- step: triggers write again, and again
insert into moves (account, amount) values (1, 300), (2, 1), (2, 0);
-- step: a check fails in the middle, and all of it goes
insert into moves (account, amount) values (1, 5), (2, -5000);
-- error: violates check constraint
-- step: a deferred constraint fails at its moment
insert into moves (account, amount) values (77, 1); set constraints all immediate;
-- error: violates foreign key constraint
-- copy: accounts
3,Cy,1
4,Di,2
4,Di,3
-- error: duplicate key
-- copy: accounts
3,Cy,1
4,Di,2
-- step: prepared, and run often
prepare put (int, numeric) as insert into moves (account, amount) values ($1, $2);
execute put(3, 1); execute put(3, 2); execute put(3, 3); execute put(4, 101); execute put(4, 5); execute put(3, 6); execute put(3, 7);
prepare change (text) as update accounts set owner = $1 where id = 3;
execute change('C1'); execute change('C2'); execute change('C3'); execute change('C4'); execute change('C5'); execute change('C6');
deallocate all;
-- step: savepoints
savepoint one;
insert into accounts values (5, 'Eve', 0);
savepoint two;
delete from accounts where id in (3, 5);
rollback to two;
insert into moves (account, amount) values (5, 500);
rollback to one;
insert into accounts values (5, 'Fay', 7);
release one;
-- step: a block that catches its own error
do $$
begin
    insert into accounts values (6, 'Gil', 1);
    begin
        insert into moves (account, amount) values (6, 10);
        insert into accounts values (6, 'Gil', 1);
    exception when unique_violation then
        insert into audit values ('caught', 6);
    end;
end
$$;
-- step: by way of rules on a view
delete from open_accounts where id = 2;
update accounts set id = id + 10 where id < 3;
-- step: cascades by key
delete from accounts where id = 11;
-- step: truncate what others refer to
set constraints all immediate;
truncate accounts cascade;
-- step: and audit in one
truncate audit;
insert into accounts values (1, 'Ada', 0);
