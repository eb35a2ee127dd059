"""`materialized_view`: what a dbt user does with a model."""

import psycopg
import pytest
from dbt.tests.util import run_dbt, run_dbt_and_capture

ORDERS = "order_id,customer_id,amount\n1,10,5\n2,10,7\n3,11,9\n"
TOTALS = """
{{ config(materialized='materialized_view', indexes=[{'columns': ['customer_id']}]) }}
select customer_id, count(*) as orders, sum(amount) as amount
from {{ ref('orders') }}
group by customer_id
"""


class TestLifeOfAModel:
    @pytest.fixture(scope="class")
    def seeds(self):
        return {"orders.csv": ORDERS}

    @pytest.fixture(scope="class")
    def models(self):
        return {"totals.sql": TOTALS}

    def test_it(self, project, sql: psycopg.Connection):
        run_dbt(["seed"])
        results = run_dbt(["run"])
        assert [r.message for r in results] == ["MAINTAINED (created)"]
        results = run_dbt(["run"])
        assert [r.message for r in results] == ["MAINTAINED (unchanged)"]
