-- Highest bid of each ten seconds. TUMBLE is date_bin.
select
    bid.auction,
    bid.price,
    bid.bidder,
    bid.date_time,
    bid.extra
from bid
inner join (
    select
        date_bin(interval '10 seconds', date_time, timestamp '2000-01-01') as starts,
        max(price) as price
    from bid
    group by date_bin(interval '10 seconds', date_time, timestamp '2000-01-01')
) as highest
    on
        bid.price = highest.price
        and date_bin(interval '10 seconds', bid.date_time, timestamp '2000-01-01') = highest.starts
