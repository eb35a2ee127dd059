-- Average selling price by seller, over the last ten closed auctions.
-- Adapted: auctions of one second are told apart by id, equal bids by bidder.
with winning as (
    select distinct on (auction.id)
        auction.id,
        auction.seller,
        bid.price,
        bid.date_time
    from auction
    inner join bid on auction.id = bid.auction
    where bid.date_time between auction.date_time and auction.expires
    order by auction.id, bid.price desc, bid.date_time, bid.bidder
)

select
    id,
    seller,
    avg(price) over (
        partition by seller
        order by date_time, id
        rows between 10 preceding and current row
    ) as average
from winning
