-- Channel identifiers. REGEXP_EXTRACT is substring from a pattern.
select
    auction,
    bidder,
    price,
    channel,
    case
        when lower(channel) = 'apple' then '0'
        when lower(channel) = 'google' then '1'
        when lower(channel) = 'facebook' then '2'
        when lower(channel) = 'baidu' then '3'
        else substring(url from '(?:&|^)channel_id=([^&]*)')
    end as channel_id
from bid
where
    substring(url from '(?:&|^)channel_id=([^&]*)') is not null
    or lower(channel) in ('apple', 'google', 'facebook', 'baidu')
