-- story: filter and project, with casts, CASE and jsonb
-- covers: filter, project, casts, jsonb
-- tables
create table events (event_id int primary key, payload jsonb not null);
-- view
select
    event_id,
    payload ->> 'type' as type,
    (payload -> 'amount')::text as amount_text,
    case when payload ->> 'type' = 'sale' then 'yes' else 'no' end as is_sale,
    coalesce(payload #>> '{a,b}', 'none') as deep,
    upper(payload ->> 'name') || '!' as name,
    jsonb_array_length(case when jsonb_typeof(payload -> 'items') = 'array' then payload -> 'items' else '[]' end) as items
from events
where payload ? 'type' and payload @> '{}' and length(payload ->> 'type') > 0;
-- step: several shapes
insert into events values
    (1, '{"type": "sale", "amount": 1.50, "name": "ada", "items": [1, 2]}'),
    (2, '{"type": "visit", "a": {"b": "deep"}}'),
    (3, '{"amount": 2}'), (4, '[]'), (5, '{"type": null}'), (6, '{"type": ""}');
-- expect
values (1, 'sale', '1.50', 'yes', 'none', 'ADA!', 2), (2, 'visit', null, 'no', 'deep', null, 0);
-- step: a row comes into the filter and another leaves it
update events set payload = case event_id when 3 then '{"type": "late"}'::jsonb else payload - 'type' end
where event_id in (2, 3);
