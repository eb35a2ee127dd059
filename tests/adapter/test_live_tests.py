"""`store_failures_as: materialized_view`: a test whose failing rows are there before dbt asks."""

import psycopg
import pytest
from dbt.tests.util import run_dbt, run_dbt_and_capture, write_file

ORDERS = "order_id,customer_id,amount\n1,10,5\n2,10,-7\n3,,9\n"
SCHEMA_YML = """
seeds:
  - name: orders
    columns:
      - name: customer_id
        data_tests:
          - not_null: {name: with_customer, config: {store_failures_as: materialized_view}}
      - name: order_id
        data_tests:
          - unique: {name: once, config: {store_failures_as: materialized_view, severity: warn}}
"""
POSITIVE = """
{{ config(store_failures_as='materialized_view', limit=1) }}
select order_id, amount from {{ ref('orders') }} where amount <= 0
"""
LATE = "select order_id from {{ ref('orders') }} where random() < amount"


class Project:
    @pytest.fixture(scope="class")
    def seeds(self):
        return {"orders.csv": ORDERS, "orders.yml": SCHEMA_YML}

    @pytest.fixture(scope="class")
    def tests(self):
        return {"positive.sql": POSITIVE}

    @pytest.fixture(scope="class")
    def audit(self, project) -> str:
        """Everything seeded and tested once; the schema of the failures."""
        run_dbt(["seed"])
        run_dbt(["test"], expect_pass=False)
        return f"{project.test_schema}_dbt_test__audit"


class TestLiveTests(Project):
    def test_dbt_counts_the_rows_of_the_views(self, audit, sql: psycopg.Connection):
        results = run_dbt(["test"], expect_pass=False)
        counted = {r.node.name: (str(r.status), r.failures) for r in results}
        assert counted == {
            "positive": ("fail", 1),
            "with_customer": ("fail", 1),
            "once": ("pass", 0),
        }
        assert sql.execute(f"select * from {audit}.positive").fetchall() == [(2, -7)]

    def test_failures_come_and_go_with_the_writes(self, project, audit, sql: psycopg.Connection):
        orders = f"{project.test_schema}.orders"
        sql.execute(f"insert into {orders} values (2, 11, -1), (4, 12, 0)")
        assert len(sql.execute(f"select * from {audit}.positive").fetchall()) == 3
        once = sql.execute(f"select unique_field, n_records from {audit}.once").fetchall()
        assert once == [(2, 2)]
        results = run_dbt(["test", "--select", "positive", "once"], expect_pass=False)
        # `limit` bounds the count, not the view.
        assert {r.node.name: (str(r.status), r.failures) for r in results} == {
            "positive": ("fail", 1),
            "once": ("warn", 1),
        }
        sql.execute(f"delete from {orders} where customer_id > 10")
        assert sql.execute(f"select * from {audit}.positive").fetchall() == [(2, -7)]
        assert sql.execute(f"select * from {audit}.once").fetchall() == []


class TestAStoredTable(Project):
    def test_becomes_a_live_view_and_back(self, project, audit, sql: psycopg.Connection):
        kind = "select relkind::text from pg_class where oid = %s::regclass"
        for wanted, relkind in (("table", "r"), ("materialized_view", "v")):
            text = POSITIVE.replace("materialized_view", wanted)
            write_file(text, project.project_root, "tests", "positive.sql")
            run_dbt(["test", "--select", "positive"], expect_pass=False)
            assert sql.execute(kind, (f"{audit}.positive",)).fetchone() == (relkind,)


class TestATestThatCannotBeMaintained(Project):
    def test_says_so(self, project, audit):
        text = "{{ config(store_failures_as='materialized_view') }}" + LATE
        write_file(text, project.project_root, "tests", "late.sql")
        _, log = run_dbt_and_capture(["test", "--select", "late"], expect_pass=False)
        assert "random() is volatile and cannot be maintained" in log
        assert "hint:" in log
