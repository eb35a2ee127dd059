-- story: arrays, jsonb, uuid, bytea, inet, ranges and intervals as values and keys
-- covers: types, group by, distinct, bag
-- tables
create table t (id int primary key, tags text[], doc jsonb, u uuid, raw bytea, ip inet, span int4range, wait interval, at timestamptz, on_day date, price money);
-- view: shown
select tags, doc, u, raw, ip, span, wait, at, on_day from t;
-- view: by_tags
select tags, count(*) as rows, min(on_day) as first_day, max(at) as last_at, max(wait) as longest from t group by tags;
-- view: by_doc
select distinct doc, ip from t;
-- view: by_wait
select wait, span, count(distinct doc) as docs from t group by wait, span;
-- step: rows
insert into t values
    (1, '{a,b}', '{"x": 1}', '00000000-0000-0000-0000-000000000001', '\x00ff', '10.0.0.1', '[1,5)', '1 day', '2026-01-01 00:00Z', '2026-01-01', 1),
    (2, '{a,b}', '{"x": 1}', '00000000-0000-0000-0000-000000000001', '\x00ff', '10.0.0.1', '[1,5)', '1 day', '2026-01-01 00:00Z', '2026-01-02', 1),
    (3, '{}', '[]', null, '', null, 'empty', '0', null, null, null),
    (4, null, null, null, null, null, null, null, null, null, null),
    (5, '{null}', 'null', null, null, null, null, null, 'infinity', '-infinity', null);
-- step: some change
update t set tags = '{}', doc = '{"x": 2}' where id = 1;
update t set wait = '2 days' where id = 2;
-- step: some go
delete from t where id in (3, 4);
