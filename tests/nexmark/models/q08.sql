-- Monitor new users: persons who opened an auction in the ten seconds they came.
select
    person.id,
    person.name,
    person.starts
from (
    select
        id,
        name,
        date_bin(interval '10 seconds', date_time, timestamp '2000-01-01') as starts
    from person
    group by id, name, date_bin(interval '10 seconds', date_time, timestamp '2000-01-01')
) as person
inner join (
    select
        seller,
        date_bin(interval '10 seconds', date_time, timestamp '2000-01-01') as starts
    from auction
    group by seller, date_bin(interval '10 seconds', date_time, timestamp '2000-01-01')
) as opened on person.id = opened.seller and person.starts = opened.starts
