-- Bids with their auctions, of one category.
select
    bid.auction,
    bid.bidder,
    bid.price,
    bid.channel,
    bid.url,
    bid.date_time as bid_time,
    auction.item_name,
    auction.initial_bid,
    auction.reserve,
    auction.expires,
    auction.seller
from bid
inner join auction on bid.auction = auction.id
where auction.category = 10
