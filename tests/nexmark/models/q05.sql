-- Hot items: the auctions with most bids in the last 10 seconds, every 2 seconds.
-- Adapted: HOP is date_bin and five windows a bid.
with hopping as (
    select
        bid.auction,
        date_bin(interval '2 seconds', bid.date_time, timestamp '2000-01-01')
        - hop.number * interval '2 seconds' as starts
    from bid
    cross join generate_series(0, 4) as hop (number)
),

counted as (
    select
        starts,
        auction,
        count(*) as bids
    from hopping
    group by starts, auction
)

select
    counted.starts,
    counted.auction,
    counted.bids
from counted
inner join (
    select
        starts,
        max(bids) as bids
    from counted
    group by starts
) as most on counted.starts = most.starts and counted.bids = most.bids
