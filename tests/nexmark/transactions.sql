-- suite: Nexmark
--   Batches of events come from the generator; here are retractions, which a stream never has.
-- transaction: the highest bids are withdrawn
delete from bid where price >= (select max(price) / 2 from bid);
-- transaction: one bid comes twice
insert into bid select * from bid order by date_time, auction, bidder limit 1;
-- transaction: bids are corrected, some across windows and auctions
update bid set price = price + 7 where auction % 5 = 1;
update bid set date_time = date_time + interval '9 seconds' where bidder % 17 = 3;
update bid set auction = auction + 1 where bidder % 29 = 4;
-- transaction: auctions change category, seller, end
update auction set category = 10 where id % 7 = 2;
update auction set seller = seller + 1, expires = expires - interval '3 seconds' where id % 11 = 5;
-- transaction: a person moves, another leaves; the side input changes
update person set state = 'OR', name = 'Ada' where id % 9 = 4;
delete from person where id % 13 = 2;
update side_input set value = 'other' where key = 3;
delete from side_input where key % 10 = 4;
-- transaction: auctions go with their bids, in one statement
with gone as (delete from auction where id % 19 = 3 returning id)
delete from bid using gone where bid.auction = gone.id;
-- transaction: all bids go
truncate bid;
