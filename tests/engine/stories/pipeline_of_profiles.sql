-- story: from deliveries to profiles: judge, keep the first, group, arg-max, join
-- covers: cascade, row_number, filter, arg-max, left join, append-only
-- append only: landed
-- tables
create table landed (part int not null, off int not null, payload jsonb not null, primary key (part, off));
create view judged as
select part, off, payload ->> 'id' as message_id, payload ->> 'user' as user_id, payload ->> 'email' as email,
    case when jsonb_typeof(payload -> 'at') = 'number' then (payload -> 'at')::int end as at,
    array_remove(array[
        case when payload ->> 'id' is null then 'missing_message_id' end,
        case when payload ->> 'user' is null then 'missing_identity' end
    ], null) as violations
from landed;
-- view: quarantined
select part, off, message_id, violations from judged where cardinality(violations) > 0;
-- view: events
with accepted as (select * from judged where cardinality(violations) = 0),
numbered as (select *, row_number() over (partition by message_id order by at, part, off) as n from accepted)
select message_id, user_id, email, at, part, off from numbered where n = 1;
-- view: totals
select user_id, count(*) as events, min(at) as first_at, max(at) as last_at,
    (array_agg(email order by at desc, message_id desc) filter (where email is not null))[1] as email
from events group by user_id;
-- view: profiles
select t.user_id, t.events, t.email, e.message_id as first_message
from totals as t left join events as e on e.user_id = t.user_id and e.at = t.first_at;
-- step: a batch with redeliveries and a bad one
insert into landed values
    (0, 1, '{"id": "m1", "user": "u1", "at": 5, "email": "a@x"}'), (0, 2, '{"id": "m1", "user": "u1", "at": 5}'),
    (0, 3, '{"id": "m2", "user": "u1", "at": 7}'), (0, 4, '{"user": "u1"}'), (1, 1, '{"id": "m3", "at": "x"}');
-- expect: profiles
values ('u1', 2::bigint, 'a@x', 'm1');
-- step: an earlier delivery of one that is known, by another user
insert into landed values (1, 2, '{"id": "m1", "user": "u2", "at": 3, "email": "b@x"}'), (1, 3, '{"id": "m4", "user": "u2", "at": 9}');
-- expect: profiles
values ('u1', 1::bigint, null, 'm2'), ('u2', 2, 'b@x', 'm1');
