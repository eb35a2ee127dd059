-- model: a running total, and the first rows by it
-- tables
create table moves (id int primary key, account int, at int, amount numeric not null);
-- view
select id, account, sum(amount) over (partition by account order by at, id) as balance
from moves
order by balance desc, id
limit 10
