-- story: groups of groups, whose inputs change with every row
-- covers: aggregate of an aggregate, paired changes, lookups by hash
-- tables
create table visits (id int primary key, device text, account text, at timestamptz, spent numeric);
-- view: sets
select
    coalesce(device, '') as device, coalesce(account, '') as account, count(*) as visits,
    min(at) as first_at, max(at) as last_at, coalesce(sum(spent), 0) as spent
from visits group by coalesce(device, ''), coalesce(account, '');
-- view: accounts
select
    'account ' || account as name, cast(sum(visits) as bigint) as visits, min(first_at) as first_at,
    max(last_at) as last_at, sum(spent) as spent,
    (array_agg(device order by last_at desc, device desc) filter (where device <> ''))[1] as device
from sets where account <> '' group by 'account ' || account;
-- step: two accounts, three devices
insert into visits values
    (1, 'phone', 'ada', '2026-01-01Z', 1.50), (2, 'tv', 'ada', '2026-01-02Z', null),
    (3, 'phone', null, '2026-01-03Z', 2), (4, null, 'eve', '2026-01-04Z', 3), (5, 'pad', 'eve', '2026-01-05Z', 4.125);
-- step: more visits of the same
insert into visits values (6, 'phone', 'ada', '2026-01-06Z', 1), (7, 'pad', 'eve', '2025-12-31Z', null);
-- step: a visit that is neither first nor last
insert into visits values (8, 'phone', 'ada', '2026-01-04Z', 0.5);
-- step: the latest goes
delete from visits where id = 6;
-- step: the one that gave the sum its scale goes
delete from visits where id = 5;
-- step: a set comes to another account
update visits set account = 'eve' where device = 'tv';
-- step: all in one statement
update visits set at = at + interval '1 day', spent = spent + 1;
-- step: an account goes
delete from visits where account = 'ada';
-- step: nobody is left
delete from visits;
