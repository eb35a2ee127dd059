"""`penstock explain` tells what stands in the database, and what would."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from penstock.cli.explain import command
from penstock.testing.services import Database
from penstock_ivm import PsycopgSession, View, deploy

TABLES = """
create table customers (customer_id int primary key, name text not null);
create table orders (order_id int primary key, customer_id int, amount int, ordered_at timestamptz);
insert into customers select i, 'customer ' || i from generate_series(1, 1000) as i;
insert into orders select i, i % 1000, i % 7, now() from generate_series(1, 5000) as i;
"""
TOTALS = """select c.name, t.orders, t.largest
from customers as c
left join (
    select customer_id, count(*) as orders, max(amount) as largest from orders group by customer_id
) as t on t.customer_id = c.customer_id"""


@pytest.fixture
def shop(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    database.connection.execute(TABLES)
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", database.url)
    with database.connection.transaction():
        session = PsycopgSession(database.connection)
        deploy(session, View("public", "totals", TOTALS, path="models/totals.sql"))
        deploy(session, View("public", "names", "select distinct name from totals"))
    return database


def run(*arguments: str, given: str | None = None, status: int = 0) -> Result:
    done = CliRunner().invoke(command, arguments, input=given)
    assert done.exit_code == status, (done.output, done.exception)
    return done


@pytest.mark.usefixtures("shop")
def test_a_deployed_view() -> None:
    told = run("totals").output
    first, *rest = told.splitlines()
    assert first.startswith("public.totals   deployed 20")
    assert first.endswith("models/totals.sql")
    assert [line.split()[0] for line in rest if "penstock_state." in line and "read" not in line][
        :2
    ] == ["Bag", "Aggregate"]
    assert "about 1,000 rows" in told
    assert "(left join on" in told
    assert "public.orders  ((ARRAY[customer_id]))  penstock_" in told
    assert "where the extreme itself leaves, the rows of its group" in told


@pytest.mark.usefixtures("shop")
def test_a_view_of_a_view_names_what_it_reads() -> None:
    assert "reads   penstock_state.totals, the rows of public.totals" in run("public.names").output


def test_its_sql_is_what_stands_in_the_database(shop: Database) -> None:
    told = run("totals", "--sql").output
    functions = shop.connection.execute(
        "select proname from pg_proc where pronamespace = 'penstock_state'::regnamespace"
        " and proname like 'totals%'"
    ).fetchall()
    assert len(functions) > 3
    for (name,) in functions:
        assert f"FUNCTION penstock_state.{name}()" in told
    assert "create view" in told


def test_a_select_that_is_not_deployed(shop: Database, tmp_path: Path) -> None:
    file = tmp_path / "by_customer.sql"
    file.write_text("select customer_id, stddev(amount) as s from orders group by customer_id\n")
    told = run("--file", str(file)).output
    assert told.startswith("public.by_customer   not deployed")
    assert "affected keys" in told
    assert 'public.orders  ((array["customer_id"]))  penstock_' in told
    made = run("--file", str(file), "--sql").output
    assert "create table" in made
    assert "returns trigger" in made
    left = shop.connection.execute("select to_regclass('penstock_state.by_customer__groups')")
    assert left.fetchone() == (None,)


@pytest.mark.usefixtures("shop")
def test_from_standard_input_as_json() -> None:
    query = "select customer_id from orders where ordered_at > now() - interval '1 day'"
    told = json.loads(run("--file", "-", "--json", given=query).output)
    assert told["name"] == "public.query"
    assert told["clock"].endswith("every 1 second")
    [*_, last] = told["operators"]
    assert last["method"] == "delta"
    assert last["rows"] is None


@pytest.mark.usefixtures("shop")
def test_what_cannot_be_explained_says_why() -> None:
    refused = run("--file", "-", given="select random() as r from orders", status=1)
    assert "random() is volatile" in str(refused.exception)
    template = run("--file", "-", given="select * from {{ ref('orders') }}", status=1)
    assert "is a template" in str(template.exception)
    unknown = run("total", status=1)
    assert "no maintained view is named total" in str(unknown.exception)
    run(status=2)
    run("totals", "--file", "-", given="select 1", status=2)
