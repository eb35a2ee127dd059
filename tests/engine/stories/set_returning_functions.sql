-- story: functions that return sets, beside the row they read
-- covers: lateral, unnest, with ordinality, rows from, jsonb_array_elements, jsonb_to_recordset, regexp_matches, generate_series
-- tables
create table orders (order_id int primary key, tags text[], amounts numeric[], items jsonb, note text, first int, last int);
-- view: tags
select o.order_id, t.tag, t.place from orders as o, unnest(o.tags) with ordinality as t (tag, place);
-- view: tags_or_none
select o.order_id, t.tag, t.amount from orders as o left join lateral unnest(o.tags, o.amounts) as t (tag, amount) on t.tag is not null;
-- view: items
select o.order_id, i.value ->> 'sku' as sku, n.item
from orders as o cross join lateral jsonb_array_elements(case when jsonb_typeof(o.items) = 'array' then o.items end) with ordinality as i (value, place)
cross join lateral jsonb_array_elements(case when jsonb_typeof(i.value -> 'list') = 'array' then i.value -> 'list' end) as n (item);
-- view: records
select o.order_id, r.sku, r.price
from orders as o, jsonb_to_recordset(case when o.items @> '[{"price": 2}]' then o.items end) as r (sku text, price numeric(10, 2));
-- view: words
select o.order_id, w.word, m.letters from orders as o, string_to_table(o.note, ' ') as w (word), regexp_matches(w.word, '([a-z])\1', 'g') as m (letters);
-- view: days
select o.order_id, d.day from orders as o, generate_series(o.first, o.last) as d (day);
-- view: side_by_side
select o.order_id, s.tag, s.day, s.number from orders as o, rows from (unnest(o.tags), generate_series(o.first, o.last)) with ordinality as s (tag, day, number);
-- view: by_tag
select t.tag, count(*) as orders, min(o.order_id) as first, sum(o.last) as last from orders as o, unnest(o.tags) as t (tag) group by t.tag;
-- view: largest
select o.order_id, (select max(a) from unnest(o.amounts) as a) as largest, array(select t || '!' from unnest(o.tags) as t order by t) as shouted from orders as o
where 'x' <> all (select t from unnest(o.tags) as t where t is not null);
-- step: arrays that are empty, NULL, or hold NULL, an element twice
insert into orders values
    (1, array['a', 'b', 'a'], array[1.0, 2.50, 1], '[{"sku": "p", "list": [1, "1", null, {"k": []}]}, 5, null]', 'aa bb ', 1, 3),
    (2, '{}', '{}', '[]', '', 3, 1), (3, null, null, null, null, null, null),
    (4, array[null, 'a'], array[1.0], '[{"sku": "p", "price": 1.5}, {"price": 2}]', 'records', 2, 2);
-- expect: tags
values (1, 'a', 1::bigint), (1, 'b', 2), (1, 'a', 3), (4, null, 1), (4, 'a', 2);
-- expect: by_tag
values ('a', 3::bigint, 1, 8::bigint), ('b', 1, 1, 3), (null, 1, 4, 2);
-- expect: days
values (1, 1), (1, 2), (1, 3), (4, 2);
-- step: the set grows, shrinks, is reordered
update orders set tags = tags || 'c'::text, last = last + 1 where order_id in (1, 2);
-- step: scalars among the items
update orders set items = '[{"sku": null, "list": "no"}, {"list": [[1], 1.0, 1.00]}]', amounts = array[null, 'NaN']::numeric[], note = 'aabb  aa' where order_id = 1;
-- step: a key changes
update orders set order_id = order_id + 10, tags = array['b', 'x'] where order_id in (1, 3);
-- step: emptied
delete from orders where order_id <> 11;
-- step: nothing left
truncate orders;
