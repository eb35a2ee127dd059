-- Winning bids. Equal bids are told apart by every column shown.
select
    id,
    item_name,
    seller,
    category,
    bidder,
    price,
    bid_time
from (
    select
        auction.id,
        auction.item_name,
        auction.seller,
        auction.category,
        bid.bidder,
        bid.price,
        bid.date_time as bid_time,
        row_number() over (
            partition by auction.id
            order by bid.price desc, bid.date_time, bid.bidder
        ) as place
    from auction
    inner join bid on auction.id = bid.auction
    where bid.date_time between auction.date_time and auction.expires
) as ranked
where place = 1
