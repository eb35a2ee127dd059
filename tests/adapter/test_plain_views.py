"""Models of kind `view`: dbt-postgres's, but for what shows what its model says already."""

import psycopg
import pytest
from dbt.tests.util import run_dbt, write_file

ORDERS = "order_id,amount,status\n1,5,paid\n2,7,open\n"
PAID = "select order_id, amount from {{ ref('orders') }} where status = 'paid'"
LARGE = "select * from {{ ref('paid') }} where amount > 1"
CONTRACT = """
models:
  - name: large
    config: {contract: {enforced: true}}
    columns: [{name: order_id, data_type: integer}, {name: amount, data_type: TYPE}]
"""


class TestPlainViews:
    @pytest.fixture(scope="class")
    def seeds(self):
        return {"orders.csv": ORDERS}

    @pytest.fixture(scope="class")
    def models(self):
        return {"paid.sql": PAID, "large.sql": LARGE}

    @pytest.fixture(autouse=True)
    def schema(self, project):
        run_dbt(["seed"])
        write_file(PAID, project.project_root, "models", "paid.sql")
        write_file("", project.project_root, "models", "large.yml")
        run_dbt(["run", "--full-refresh"])
        return project.test_schema

    def told(self, *arguments: str, ok: bool = True) -> list[str]:
        return [r.message for r in run_dbt(["run", *arguments], expect_pass=ok)]

    def test_an_unchanged_view_keeps_what_was_made_on_it_by_hand(
        self, schema, sql: psycopg.Connection
    ):
        sql.execute(f"create view {schema}.by_hand as select amount from {schema}.paid")
        sql.execute(f"grant select on {schema}.paid to dbt_test_user_1")
        assert self.told() == ["VIEW (unchanged)", "VIEW (unchanged)"]
        assert sql.execute(f"select amount from {schema}.by_hand").fetchall() == [(5,)]
        (granted,) = sql.execute(
            "select has_table_privilege('dbt_test_user_1', %s, 'select')", (f"{schema}.paid",)
        ).fetchone()
        assert granted

    def test_a_changed_view_is_made_anew(self, project, schema, sql: psycopg.Connection):
        write_file(PAID.replace("'paid'", "'open'"), project.project_root, "models", "paid.sql")
        assert self.told() == ["CREATE VIEW", "CREATE VIEW"]
        assert sql.execute(f"select amount from {schema}.large").fetchall() == [(7,)]

    def test_a_column_that_came_below_is_seen(self, project, schema, sql: psycopg.Connection):
        more = PAID.replace("amount from", "amount, status from")
        write_file(more, project.project_root, "models", "paid.sql")
        assert self.told() == ["CREATE VIEW", "CREATE VIEW"]
        assert sql.execute(f"select status from {schema}.large").fetchall() == [("paid",)]

    def test_full_refresh_makes_it_anew(self):
        assert self.told("--full-refresh") == ["CREATE VIEW", "CREATE VIEW"]

    def test_its_contract_is_checked_all_the_same(self, project):
        for kind, ok in (("integer", True), ("text", False)):
            text = CONTRACT.replace("TYPE", kind)
            write_file(text, project.project_root, "models", "large.yml")
            (message,) = self.told("--select", "large", ok=ok)
            assert message == "VIEW (unchanged)" if ok else "contract that failed" in message
