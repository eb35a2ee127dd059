-- story: an expression that may raise stays behind its guard, however often it is used
-- covers: plain view, CASE, casts, shared expressions
-- tables
create table raw (id int primary key, doc jsonb, word text);
create view staged as
select id, doc ->> 'kind' as kind,
    case when doc ->> 'n' ~ '^-?[0-9]{1,9}$' then (doc ->> 'n')::int end as n,
    case when jsonb_typeof(doc -> 'list') = 'array' then jsonb_array_length(doc -> 'list') end as items,
    case when word <> '' then 100 / length(word) end as per
from raw;
create view judged as
select *, array_remove(array[
    case when n is null then 'no_n' when n < 0 then 'negative_n' end,
    case when kind is null or kind not in ('a', 'b') then 'kind' end,
    case when items > 2 and n > 1 then 'many' end], null) as faults
from staged;
-- view: good
select id, kind, n, items, per from judged where cardinality(faults) = 0;
-- view: bad
select id, faults, n from judged where cardinality(faults) > 0;
-- view: sums
select kind, sum(n) as total, max(per) as per, count(*) filter (where n > 5 and items is not null) as big from judged where cardinality(faults) = 0 group by kind;
-- step: every kind of poison
insert into raw values
    (1, '{"kind": "a", "n": 3, "list": [1]}', 'abc'), (2, '{"kind": "b", "n": "x"}', ''), (3, '{"n": 99999999999999}', null),
    (4, '[]', 'z'), (5, 'null', 'z'), (6, '{"kind": "a", "n": 9, "list": [1, 2, 3]}', 'z'), (7, '{"kind": "b", "n": "-4", "list": {}}', 'yy'),
    (8, '{"kind": {"x": 1}, "n": [1], "list": "no"}', ' ');
-- expect: good
values (1, 'a', 3, 1, 33);
-- step: mended and broken
update raw set doc = doc || '{"n": 7}' where jsonb_typeof(doc) = 'object';
update raw set doc = '{"kind": "b", "n": 1.5}' where id = 1;
