-- suite: TPC-H
--   Every table meets INSERT, UPDATE and DELETE. Keys of new orders are those that dbgen leaves
--   out: of 32 numbers in a row it uses the first eight. :refresh is 1500 at scale factor 1.
-- transaction: RF1: new orders with their line items
insert into orders
select
    o_orderkey + 8,
    o_custkey,
    'O',
    o_totalprice * 1.01,
    o_orderdate + 11,
    o_orderpriority,
    o_clerk,
    o_shippriority,
    o_comment
from orders
order by o_orderkey
limit :refresh;
insert into lineitem
select
    l_orderkey + 8,
    l_partkey,
    l_suppkey,
    l_linenumber,
    l_quantity,
    l_extendedprice * 1.02,
    l_discount,
    l_tax,
    l_returnflag,
    l_linestatus,
    l_shipdate + 13,
    l_commitdate + 7,
    l_receiptdate + 15,
    l_shipinstruct,
    l_shipmode,
    l_comment
from lineitem
where l_orderkey in (select o_orderkey - 8 from orders where o_orderkey % 32 between 8 and 15);
-- transaction: RF2: old orders go, and by cascade their line items
delete from orders where o_orderkey in (select o_orderkey from orders order by o_orderkey desc limit :refresh);
-- transaction: one order arrives
with placed as (
    insert into orders values (56, 7, 'F', 333000.00, '1994-06-01', '1-URGENT', 'Clerk#1', 0, 'unusual requests')
    on conflict (o_orderkey) do update set o_totalprice = 1 returning o_orderkey
)
insert into lineitem
select placed.o_orderkey, ps_partkey, ps_suppkey, 7, 10, 900.10, 0.06, 0.02, 'R', 'F',
    '1994-06-05', '1994-06-10', '1994-06-20', 'DELIVER IN PERSON', 'MAIL', 'late'
from placed, (select * from partsupp order by ps_partkey, ps_suppkey limit 1) as ps
on conflict do nothing;
-- transaction: one line item is delivered late
update lineitem set l_receiptdate = l_commitdate + 1 where l_orderkey = 3 and l_linenumber = 1;
-- transaction: one line item is deleted
delete from lineitem where l_orderkey = 3 and l_linenumber = 2;
-- transaction: prices and discounts change
update lineitem set l_extendedprice = l_extendedprice + 0.5, l_discount = 0.05 where l_orderkey % 97 = 1;
-- transaction: orders change hands, status and date
update orders
set o_custkey = o_custkey + 1, o_orderstatus = 'F', o_orderdate = o_orderdate - 40
where o_orderkey % 193 = 2 and o_custkey % 3 = 1;
-- transaction: line items move to another order and number
update lineitem set l_orderkey = 1, l_linenumber = 10 * l_orderkey + l_linenumber where l_orderkey in (4, 5, 6);
-- transaction: a line item asks for more than 300
update lineitem set l_quantity = 290 where l_orderkey in (1, 7, 32) and l_linenumber = 1;
-- transaction: a customer comes, one changes segment and phone, one moves to another nation
insert into customer values (9000001, 'Customer#9000001', 'here', 7, '13-000-000-0000', 9999.99, 'BUILDING', 'new');
update customer set c_mktsegment = 'BUILDING', c_phone = '31-111-111-1111', c_acctbal = 0.01 where c_custkey in (3, 4, 9000001);
update customer set c_nationkey = 6 where c_custkey % 50 = 5;
-- transaction: customers without orders go
delete from customer
where c_custkey in (
    select c_custkey from customer
    where not exists (select from orders where o_custkey = c_custkey)
    order by c_custkey limit 10
);
-- transaction: suppliers: balances, comments, a newcomer, another nation
insert into supplier values (9000001, 'Supplier#9000001', 'here', 7, '17-000-000-0000', 9999.99, 'none');
update supplier set s_acctbal = -s_acctbal where s_suppkey % 5 = 1;
update supplier set s_comment = 'Customer some Complaints' where s_suppkey % 9 = 2;
update supplier set s_nationkey = 20 where s_suppkey % 11 = 3;
-- transaction: the newcomer supplies, and undercuts all
insert into partsupp
select p_partkey, 9000001, 5000, 0.01, 'cheap' from part where p_partkey % 40 = 0;
update partsupp set ps_supplycost = ps_supplycost * 2, ps_availqty = ps_availqty + 500 where ps_partkey % 53 = 1;
-- transaction: the newcomer leaves
delete from partsupp where ps_suppkey = 9000001;
delete from supplier where s_suppkey = 9000001;
-- transaction: parts change type, name, size, brand and container
insert into part values (9000001, 'forest green', 'm', 'Brand#12', 'PROMO BRASS', 15, 'SM BOX', 1.00, 'new');
insert into partsupp select 9000001, s_suppkey, 9999, 5.00, 'new' from supplier order by s_suppkey limit 2;
update part
set p_type = 'STANDARD BRASS', p_size = 15, p_name = 'forest ' || left(p_name, 40)
where p_partkey % 71 = 3;
update part set p_brand = 'Brand#23', p_container = 'MED BOX', p_size = 9 where p_partkey % 89 = 5;
-- transaction: a part gets another key, by cascade in two more tables
update part set p_partkey = 9000002 where p_partkey = 17;
-- transaction: a part goes, with its offers
delete from part where p_partkey = 9000001;
-- transaction: a nation is renamed, another changes region
update nation set n_name = 'SAUDI ARABIA' where n_nationkey = 0;
update nation set n_regionkey = 3 where n_nationkey = 2;
-- transaction: a nation is founded, renumbered and dissolved
insert into nation values (90, 'GERMANY', 3, 'second');
update supplier set s_nationkey = 90 where s_suppkey % 13 = 1;
update nation set n_nationkey = 91 where n_nationkey = 90;
update supplier set s_nationkey = 7 where s_nationkey = 91;
delete from nation where n_nationkey = 91;
-- transaction: a region is founded, takes a name and goes
insert into region values (9, 'NOWHERE', null);
update nation set n_regionkey = 9 where n_nationkey in (7, 8);
update region set r_name = case r_regionkey when 9 then 'ASIA' else 'LOST ASIA' end where r_regionkey in (2, 9);
update region set r_name = 'ASIA' where r_regionkey = 2;
update nation set n_regionkey = 2 where n_regionkey = 9;
delete from region where r_regionkey = 9;
-- transaction: one statement changes four tables
with
a as (update customer set c_acctbal = c_acctbal + 10000 where c_custkey % 100 = 1 returning 1),
b as (update orders set o_orderpriority = '1-URGENT' where o_orderkey % 150 = 1 returning 1),
c as (delete from lineitem where l_orderkey % 150 = 2 returning 1)
update supplier set s_acctbal = s_acctbal + 1 where s_suppkey % 50 = 0;
