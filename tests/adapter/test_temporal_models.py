"""A model with now(): dbt says how often its clock ticks, and a change of that rebuilds nothing."""

from datetime import timedelta

import pytest
from dbt.tests.util import run_dbt, write_file

RECENT = """
{{ config(materialized='materialized_view', tick='10 seconds') }}
select id, ts from {{ source('here', 'events') }} where ts > now() - interval '7 days'
"""
COUNTED = "select count(*) as n from {{ ref('recent') }} where ts > now() - interval '1 day'"
SOURCES = """
sources:
  - name: here
    schema: "{{ target.schema }}"
    tables: [{name: events}]
"""


class TestTemporalModels:
    @pytest.fixture(scope="class")
    def models(self):
        return {"recent.sql": RECENT, "counted.sql": COUNTED, "sources.yml": SOURCES}

    @pytest.fixture(scope="class")
    def project_config_update(self):
        return {"models": {"+materialized": "materialized_view", "+tick": "1 minute"}}

    def test_the_pace_is_the_models_or_the_folders(self, project, sql):
        sql.execute(
            f"create table {project.test_schema}.events (id int primary key, ts timestamptz)"
        )
        run_dbt(["run"])
        assert self.paces(project, sql) == {
            "recent": timedelta(seconds=10),
            "counted": timedelta(minutes=1),
        }
        sql.execute(
            f"insert into {project.test_schema}.events"
            " values (1, now()), (2, now() - interval '3 days'), (3, now() - interval '9 days')"
        )
        assert self.counts(project, sql) == (2, 1)
        sql.execute("select penstock.tick(now() + interval '2 days')")
        assert self.counts(project, sql) == (2, 0)
        sql.execute("select penstock.tick(now() + interval '5 days')")
        assert self.counts(project, sql) == (1, 0)
        self.another_pace_rebuilds_nothing(project, sql)
        self.a_pace_that_is_none_is_refused(project)

    def another_pace_rebuilds_nothing(self, project, sql):
        write_file(
            RECENT.replace("10 seconds", "5 s"), project.project_root, "models", "recent.sql"
        )
        results = run_dbt(["run"])
        assert {r.message for r in results} == {"MAINTAINED (unchanged)"}
        assert self.paces(project, sql)["recent"] == timedelta(seconds=5)
        assert self.counts(project, sql) == (1, 0), "the clock stays where it is"

    def a_pace_that_is_none_is_refused(self, project):
        write_file(
            RECENT.replace("10 seconds", "often"), project.project_root, "models", "recent.sql"
        )
        (result,) = run_dbt(["run", "--select", "recent"], expect_pass=False)
        assert "tick: 'often' is no period" in result.message
        write_file(RECENT, project.project_root, "models", "recent.sql")
        run_dbt(["run", "--select", "recent"])

    @staticmethod
    def paces(project, sql):
        return dict(
            sql.execute(
                "select view_name, every from penstock.clocks() where schema_name = %s",
                (project.test_schema,),
            ).fetchall()
        )

    @staticmethod
    def counts(project, sql):
        here = project.test_schema
        return sql.execute(
            f"select (select count(*) from {here}.recent), n from {here}.counted"
        ).fetchone()
