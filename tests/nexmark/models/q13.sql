-- Bounded side input. Adapted: a table for the file, joined on the remainder.
select
    bid.auction,
    bid.bidder,
    bid.price,
    bid.date_time,
    side_input.value
from bid
inner join side_input on bid.auction % 100 = side_input.key
