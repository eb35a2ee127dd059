-- One row per day on which something was ordered (UTC): orders, revenue, buyers.
-- columns: order_date, orders, buyers, revenue, revenue_per_order

with

orders as (

    select
        (occurred_at at time zone 'UTC')::date as order_date,
        case when user_id is null then 'anonymous_id' else 'user_id' end as identifier_type,
        coalesce(user_id, anonymous_id) as identifier_value,
        -- The rules let in only numbers here; JSON's null reads as NULL.
        coalesce(properties ->> 'revenue', properties ->> 'total')::numeric as amount
    from events
    where type = 'track' and event = 'Order Completed'

),

orders_with_buyers as (

    select
        orders.order_date,
        orders.amount,
        identifiers.profile_id
    from orders
    inner join identifiers
        on
            orders.identifier_type = identifiers.identifier_type
            and orders.identifier_value = identifiers.identifier_value

)

select
    order_date,
    count(*) as orders,
    count(distinct profile_id) as buyers,
    coalesce(sum(amount), 0) as revenue,
    round(avg(amount), 2) as revenue_per_order
from orders_with_buyers
group by order_date
order by order_date desc;
