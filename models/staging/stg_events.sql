-- One row per landed message: fields named and typed, nothing dropped, nothing raised. Both parts
-- have the same columns in the same order.

select * from {{ ref('stg_events_extracted') }}
union all
select * from {{ ref('stg_events_parsed') }}
