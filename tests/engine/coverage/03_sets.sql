-- section: Set operations and set-returning functions
-- construct: UNION ALL
-- view
select id, g from t union all select id, g from u
-- by: KeylessBag
-- construct: UNION
-- view
select g from t union select g from u
-- by: Aggregate
-- construct: INTERSECT
-- view
select g from t intersect select g from u
-- construct: INTERSECT ALL
-- view
select g from t intersect all select g from u
-- construct: EXCEPT
-- view
select g from t except select g from u
-- construct: EXCEPT ALL
-- view
select g from t except all select g from u
-- construct: DISTINCT
-- view
select distinct g, word from t
-- by: Aggregate
-- construct: unnest, WITH ORDINALITY
-- view
select t.id, e.tag, e.place from t, unnest(t.tags) with ordinality as e (tag, place)
-- by: Bag
-- construct: LEFT JOIN LATERAL of a function
-- view
select t.id, e.tag from t left join lateral unnest(t.tags) as e (tag) on e.tag <> ''
-- by: Bag
-- construct: ROWS FROM
-- view
select t.id, e.tag, e.n from t, rows from (unnest(t.tags), generate_series(1, t.g)) as e (tag, n)
-- by: Bag
-- construct: join on what a function gives
-- view
select t.id, e.tag, k.x from t cross join unnest(t.tags) as e (tag) join k on k.word = e.tag
-- by: Bag
-- construct: group of what a function gives
-- view
select e.tag, count(*) as n, min(t.x) as least from t, unnest(t.tags) as e (tag) group by e.tag
-- by: Bag, Aggregate
-- construct: subquery over a function
-- view
select id, array(select upper(e) from unnest(tags) as e order by e) as tags from t where 'a' = any (select e from unnest(tags) as e)
-- by: Bag
-- construct: set-returning function in the select list
-- view
select id, unnest(tags) as tag from t
-- by: Bag
-- construct: jsonb_array_elements
-- view
select t.id, e.value from t, jsonb_array_elements(t.doc -> 'list') as e (value)
-- by: Bag
-- construct: jsonb_each
-- view
select t.id, e.key, e.value from t, jsonb_each(t.doc) as e
-- by: Bag
-- construct: regexp_matches
-- view
select t.id, m.found from t, regexp_matches(t.word, '[a-z]', 'g') as m (found)
-- by: Bag
-- construct: generate_series over columns
-- view
select t.id, s.n from t, generate_series(1, t.x) as s (n)
-- by: Bag
-- construct: LATERAL VALUES
-- view
select t.id, v.kind, v.value from t, lateral (values ('x', t.x), ('g', t.g)) as v (kind, value)
-- by: Bag
-- construct: join with VALUES
-- view
select t.id, v.label from t left join (values (1, 'one'), (2, 'two')) as v (g, label) on v.g = t.g
-- by: Bag
-- construct: VALUES alone
-- view
values (1), (2)
-- error
a query that reads no table cannot be maintained
-- hint
it never changes: make it a plain view or a seed
