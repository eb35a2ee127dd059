-- Average price for a category. An auction's window is its own, from date_time to expires.
select
    category,
    avg(final) as average
from (
    select
        max(bid.price) as final,
        auction.category
    from auction
    inner join bid on auction.id = bid.auction
    where bid.date_time between auction.date_time and auction.expires
    group by auction.id, auction.category
) as closing
group by category
