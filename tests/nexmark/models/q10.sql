-- Log by day and minute. Adapted: a view for the file sink; DATE_FORMAT is a cast and date_trunc.
select
    auction,
    bidder,
    price,
    date_time,
    extra,
    date_time::date as day,
    date_trunc('minute', date_time)::time as minute
from bid
