-- Local item suggestion.
select
    person.name,
    person.city,
    person.state,
    auction.id
from auction
inner join person on auction.seller = person.id
where auction.category = 10 and person.state in ('OR', 'ID', 'CA')
