"""A plan is made once a session, perhaps when every table is empty: it must serve any batch."""

from penstock.testing import assert_all_maintained
from penstock.testing.services import Database
from penstock_ivm import PsycopgSession, View, deploy

TABLES = """
create table customers (customer_id int primary key, region text not null);
create table orders (order_id int primary key, customer_id int not null, amount int);
"""
VIEWS = {
    "named": "select o.order_id, c.region, o.amount"
    " from orders as o join customers as c on c.customer_id = o.customer_id",
    "totals": "select customer_id, count(*) as orders, max(amount) as largest"
    " from orders group by customer_id",
    "latest": "select * from (select *, row_number() over"
    " (partition by customer_id order by order_id desc) as n from orders) as o where n = 1",
    "shown": "select c.customer_id, c.region, t.orders, t.largest, l.order_id as latest"
    " from customers as c join totals as t on t.customer_id = c.customer_id"
    " join latest as l on l.customer_id = t.customer_id",
    "ranked": "select order_id, rank() over (partition by customer_id order by amount) as place,"
    " sum(amount) over (partition by customer_id order by order_id) as so_far from orders",
    "largest": "select order_id, amount from orders order by amount desc, order_id limit 10",
    "recent": "select * from (select *, row_number() over"
    " (partition by customer_id order by order_id desc) as n from orders) as o where n <= 3",
    "idle": "select customer_id from customers as c"
    " where not exists (select from orders as o where o.customer_id = c.customer_id)",
}
ROWS = 40_000
# Looking each row up takes two or three seconds in all; scanning the batch for each, minutes.
PATIENCE = "30s"


def test_a_plan_made_on_empty_tables_serves_a_large_batch(database: Database) -> None:
    connection = database.connection
    connection.execute(TABLES)
    for name, query in VIEWS.items():
        with connection.transaction():
            deploy(PsycopgSession(connection), View("public", name, query, path=name))

    # Every statement has its plan, and every table its statistics, of next to nothing.
    for _ in range(6):
        connection.execute("insert into customers values (0, 'x')")
        connection.execute("insert into orders values (0, 0, 0)")
        connection.execute("delete from orders")
        connection.execute("delete from customers")
    tables = connection.execute(
        "select oid::regclass::text from pg_class"
        " where relnamespace = 'penstock_state'::regnamespace and relkind = 'r'"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f"vacuum analyze {table}")
    connection.execute("insert into customers values (0, 'x')")
    connection.execute("insert into orders values (0, 0, 0)")

    connection.execute(f"set statement_timeout = '{PATIENCE}'")
    connection.execute(
        "insert into customers select i, 'r' || i %% 7 from generate_series(1, %s) as i", (ROWS,)
    )
    connection.execute(
        "insert into orders select i, i %% %s, i from generate_series(1, %s) as i",
        (ROWS // 2, ROWS),
    )
    connection.execute("update orders set amount = amount + 1, customer_id = customer_id + 1")
    connection.execute("delete from orders where order_id > %s", (ROWS // 2,))

    connection.execute("reset statement_timeout")
    assert assert_all_maintained(connection) == len(VIEWS)
