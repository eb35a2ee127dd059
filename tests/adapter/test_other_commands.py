"""show, --empty, clone, build --select, retry, source freshness: dbt's other commands."""

import shutil
from pathlib import Path

import psycopg
import pytest
from dbt.tests.util import run_dbt, run_dbt_and_capture, write_file
from test_maintained import Project, messages, totals

SOURCES_YML = """
sources:
  - name: landed
    schema: "{{ target.schema }}"
    tables:
      - name: orders
        loaded_at_field: "now() - interval '2 hours'"
        config: {freshness: {warn_after: {count: 1, period: hour}}}
      - name: totals
        loaded_at_field: "now()"
        config: {freshness: {error_after: {count: 1, period: hour}}}
"""


class TestReading(Project):
    def test_show_previews_a_model_and_a_query_over_it(self, schema):
        _, log = run_dbt_and_capture(["show", "--select", "totals"])
        assert "| 10 |" in " ".join(log.split())
        _, log = run_dbt_and_capture(
            ["show", "--inline", "select sum(amount) as everything from {{ ref('totals') }}"]
        )
        assert "everything" in log

    def test_compile_and_parse_touch_nothing(self, schema, sql: psycopg.Connection):
        before = sql.execute("select * from penstock.views order by 1, 2").fetchall()
        run_dbt(["parse"])
        run_dbt(["compile"])
        assert sql.execute("select * from penstock.views order by 1, 2").fetchall() == before


class TestEmpty(Project):
    def test_an_empty_run_builds_without_rows_and_the_next_one_with_them(
        self, schema, sql: psycopg.Connection
    ):
        assert messages(run_dbt(["run", "--empty"])) == ["MAINTAINED (replaced)"] * 2
        assert totals(sql, schema) == []
        assert messages(run_dbt(["run"])) == ["MAINTAINED (replaced)"] * 2
        assert totals(sql, schema) == [(10, 2, 12)]


class TestBuild(Project):
    def test_build_runs_a_part_with_its_tests(self, schema):
        results = run_dbt(["build", "--select", "totals+"])
        assert "totals" in {r.node.name for r in results}
        assert {str(r.status) for r in results} <= {"success", "pass"}


class TestFreshness(Project):
    def test_of_a_table_and_of_a_maintained_view(self, project, schema):
        write_file(SOURCES_YML, project.project_root, "models", "sources.yml")
        results = run_dbt(["source", "freshness"])
        assert {r.node.name: str(r.status) for r in results} == {"orders": "warn", "totals": "pass"}


class TestClone(Project):
    @pytest.fixture(scope="class")
    def other_schema(self, unique_schema):
        return unique_schema + "_clone"

    @pytest.fixture(scope="class")
    def profiles_config_update(self, dbt_profile_target, unique_schema, other_schema):
        outputs = {
            "default": {**dbt_profile_target, "schema": unique_schema},
            "clone": {**dbt_profile_target, "schema": other_schema},
        }
        return {"test": {"outputs": outputs, "target": "default"}}

    def test_a_clone_reads_what_was_cloned_until_it_is_built(
        self, project, schema, other_schema, sql: psycopg.Connection
    ):
        sql.execute(f"create schema {other_schema}")
        sql.execute(f"create table {other_schema}.hooks (like {schema}.hooks)")
        Path("state").mkdir()
        shutil.copyfile("target/manifest.json", "state/manifest.json")
        run_dbt(["clone", "--state", "state", "--target", "clone"])
        assert totals(sql, other_schema) == [(10, 2, 12)]
        built = run_dbt(["run", "--target", "clone"])
        assert messages(built) == ["MAINTAINED (created)"] * 2
        sql.execute(f"insert into {schema}.orders values (4, 10, 1, 'paid')")
        assert totals(sql, other_schema) == totals(sql, schema) == [(10, 3, 13)]
