-- story: groups by an expression, a date part and a jsonb field
-- covers: group by, project, jsonb
-- tables
create table t (id int primary key, at timestamp, payload jsonb);
-- view
select date_trunc('day', at) as day, payload ->> 'kind' as kind, coalesce((payload ->> 'vip') = 'yes', false) as is_vip, count(*) as rows,
    count(*) * 2 + 1 as odd, case when count(*) > 1 then 'many' else 'one' end as size
from t group by date_trunc('day', at), payload ->> 'kind', coalesce((payload ->> 'vip') = 'yes', false);
-- step: some
insert into t values (1, '2026-01-01 10:00', '{"kind": "a", "vip": "yes"}'), (2, '2026-01-01 11:00', '{"kind": "a", "vip": "yes"}'),
    (3, '2026-01-02 10:00', '{}'), (4, null, null);
-- expect
values ('2026-01-01'::timestamp, 'a', true, 2::bigint, 5::bigint, 'many'), ('2026-01-02', null, false, 1, 3, 'one'), (null, null, false, 1, 3, 'one');
-- step: hours change, then days
update t set at = at + interval '1 hour';
update t set at = at + interval '1 day', payload = '{"kind": "b"}' where id = 2;
