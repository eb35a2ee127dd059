-- story: a sum of terms of one scale keeps it, whatever leaves
-- covers: sum, avg, numeric scale, NaN, retraction
-- tables
create table t (g int, price numeric(15, 2), share numeric(5, 3), whole numeric(4), n int, free numeric);
-- view: kept
select g, sum(price * (1 - share)) as product, sum(-price + whole) as added, sum(price * n) as times,
    avg(price * 1.50) as mean, sum(share * 2.5 - whole) as digits from t group by g;
-- view: varying
select g, sum(price * free) as product, sum(case when n > 1 then price else 0 end) as either,
    sum(coalesce(price, n)) as filled, sum(price / 4) as quotient, sum(round(price, 1)) as rounded from t group by g;
-- step: rows of every kind
insert into t values (1, 1.50, 0.125, 3, 2, 1.5), (1, 2, 0, 4, 1, 2), (1, null, 1, null, 3, null), (2, 'NaN', 0.5, 1, 1, 1), (2, 3.25, 0.5, 1, 1, 1.25);
-- step: the only ones with digits leave
delete from t where price = 1.50;
-- step: not a number leaves
delete from t where price = 'NaN';
-- step: all change
update t set price = price + 1, free = free * 1.000, g = 1;
-- step: all leave but what is null
delete from t where price is not null;
-- step: some come again
insert into t values (1, 7, 0.1, 2, 2, 3), (1, 'NaN', 0.1, 2, 2, 3);
delete from t where price = 'NaN';
