-- Important stock identification. NATION = GERMANY.
-- FRACTION is 0.0001 at scale factor 1 and 0.0001 / SF elsewhere. A model does not know its scale:
-- it is 0.001 here, right for 0.1; at other scales more or fewer parts are important.
select
    ps_partkey,
    sum(ps_supplycost * ps_availqty) as value
from partsupp, supplier, nation
where
    ps_suppkey = s_suppkey
    and s_nationkey = n_nationkey
    and n_name = 'GERMANY'
group by ps_partkey
having sum(ps_supplycost * ps_availqty) > (
    select sum(ps_supplycost * ps_availqty) * 0.001
    from partsupp, supplier, nation
    where
        ps_suppkey = s_suppkey
        and s_nationkey = n_nationkey
        and n_name = 'GERMANY'
)
order by value desc
