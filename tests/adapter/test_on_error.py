"""`on_error: suspend` by dbt: the seed goes on, the view stops, and `dbt run` builds it again."""

import pytest
from dbt.tests.util import run_dbt, run_dbt_and_capture, write_file

PARTS = "part_id,amount,pieces\n1,10,2\n"
RATIOS = """
{{ config(materialized='materialized_view', on_error='suspend') }}
select part_id, amount / pieces as ratio from {{ ref('parts') }}
"""


class TestOnError:
    @pytest.fixture(scope="class")
    def seeds(self):
        return {"parts.csv": PARTS}

    @pytest.fixture(scope="class")
    def models(self):
        return {"ratios.sql": RATIOS}

    def test_a_suspended_view_is_told_and_built_again(self, project):
        write_file(RATIOS, project.project_root, "models/ratios.sql")
        run_dbt(["build", "--full-refresh"])
        project.run_sql("insert into {schema}.parts values (2, 10, 0)")
        assert project.run_sql("select count(*) from {schema}.parts", fetch="one") == (2,)
        assert project.run_sql("select * from {schema}.ratios", fetch="all") == [(1, 5)]
        run_dbt(["run"], expect_pass=False)
        assert project.run_sql("select * from {schema}.ratios", fetch="all") == [(1, 5)]
        project.run_sql("update {schema}.parts set pieces = 5 where part_id = 2")
        [result], said = run_dbt_and_capture(["run"])
        assert result.message == "MAINTAINED (replaced)"
        assert "is suspended (division by zero" in said
        assert project.run_sql("select ratio from {schema}.ratios order by 1", fetch="all") == [
            (2,),
            (5,),
        ]
        [result] = run_dbt(["run"])
        assert result.message == "MAINTAINED (unchanged)"

    def test_an_unknown_choice_is_refused(self, project):
        run_dbt(["seed"])
        write_file(RATIOS.replace("suspend", "ignore"), project.project_root, "models/ratios.sql")
        [result] = run_dbt(["run"], expect_pass=False)
        assert "on_error: 'ignore' is not known" in result.message
