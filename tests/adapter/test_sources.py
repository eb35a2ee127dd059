"""`source`: a topic, its landing table, its subscription; nothing landed is ever lost."""

import json
from pathlib import Path

import psycopg
import pytest
from dbt.tests.util import run_dbt, run_dbt_and_capture, write_file

SOURCE = "{{ config(materialized='source', topic='clicks-%s', format='json') }} select 1"
COLUMNS = [
    ("kafka_partition", "integer", True),
    ("kafka_offset", "bigint", True),
    ("kafka_timestamp", "timestamp with time zone", True),
    ("kafka_key", "bytea", False),
    ("kafka_headers", "jsonb", False),
    ("payload", "jsonb", True),
]


class TestSource:
    @pytest.fixture(scope="class")
    def models(self, unique_schema):
        return {
            "landed.sql": SOURCE % unique_schema,
            "counts.sql": """
{{ config(materialized='materialized_view') }}
select payload ->> 'page' as page, count(*) as clicks from {{ ref('landed') }} group by 1
""",
            "freshness.yml": f"""
sources:
  - name: landing
    schema: {unique_schema}
    tables:
      - name: landed
        config:
          loaded_at_field: kafka_timestamp
          freshness: {{warn_after: {{count: 1, period: day}}}}
""",
        }

    @pytest.fixture(scope="class")
    def schema(self, project):
        run_dbt(["run"])
        return project.test_schema

    def land(self, sql: psycopg.Connection, schema: str, offset: int) -> None:
        sql.execute(
            f"insert into {schema}.landed (kafka_partition, kafka_offset, kafka_timestamp, payload)"
            ' values (0, %s, now(), \'{"page": "home"}\') on conflict do nothing',
            (offset,),
        )

    def test_it_makes_the_landing_table_and_the_subscription(self, schema, sql):
        columns = sql.execute(
            "select attname::text, format_type(atttypid, atttypmod), attnotnull from pg_attribute"
            " where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
            (f"{schema}.landed",),
        ).fetchall()
        assert columns == COLUMNS
        (key,) = sql.execute(
            "select pg_get_constraintdef(oid) from pg_constraint"
            " where conrelid = %s::regclass and contype = 'p'",
            (f"{schema}.landed",),
        ).fetchone()
        assert key == "PRIMARY KEY (kafka_partition, kafka_offset)"
        subscribed = sql.execute(
            "select topic, landing_table, format, options from penstock.subscriptions"
            " where landing_schema = %s",
            (schema,),
        ).fetchall()
        include = ["partition", "offset", "timestamp", "key", "headers"]
        assert subscribed == [(f"clicks-{schema}", "landed", "json", {"include": include})]
        (may,) = sql.execute(
            "select has_table_privilege('penstock_connector', %s, 'insert')", (f"{schema}.landed",)
        ).fetchone()
        assert may

    def test_running_again_changes_nothing_and_keeps_what_landed(self, schema, sql):
        sql.execute("listen penstock_subscriptions")
        self.land(sql, schema, 1)
        chosen = ["--select", "landed", "counts"]
        results = run_dbt(["run", *chosen])
        assert [r.message for r in results] == ["SUBSCRIBED (unchanged)", "MAINTAINED (unchanged)"]
        results = run_dbt(["run", "--full-refresh", *chosen])
        assert results[0].message == "SUBSCRIBED (unchanged, landed rows kept)"
        assert sql.execute(f"select clicks >= 1 from {schema}.counts").fetchall() == [(True,)]
        told = [n.payload for n in sql.notifies(timeout=0)]
        assert told == []
        sql.execute("unlisten penstock_subscriptions")

    def test_a_changed_option_reaches_a_running_connector(self, project, schema, sql):
        sql.execute("listen penstock_subscriptions")
        text = (SOURCE % schema).replace("format=", "include=['key'], format=")
        write_file(text, project.project_root, "models", "landed.sql")
        results = run_dbt(["run", "--select", "landed"])
        assert results[0].message == "SUBSCRIBED (subscription changed)"
        told = [n.payload for n in sql.notifies(timeout=2, stop_after=1)]
        assert told == [f"clicks-{schema}"]
        sql.execute("unlisten penstock_subscriptions")
        write_file(SOURCE % schema, project.project_root, "models", "landed.sql")
        run_dbt(["run", "--select", "landed"])

    def test_another_topic_is_refused_where_messages_landed(self, project, schema, sql):
        self.land(sql, schema, 2)
        text = (SOURCE % schema).replace("clicks-", "views-")
        write_file(text, project.project_root, "models", "landed.sql")
        _, output = run_dbt_and_capture(["run", "--select", "landed"], expect_pass=False)
        assert f"holds messages of topic clicks-{schema}" in output
        assert "hint: give the new topic a source model of its own" in output
        write_file(SOURCE % schema, project.project_root, "models", "landed.sql")

    def test_a_topic_lands_once(self, project, schema):
        write_file(SOURCE % schema, project.project_root, "models", "twin.sql")
        _, output = run_dbt_and_capture(["run", "--select", "twin"], expect_pass=False)
        assert f"topic clicks-{schema} lands in {schema}.landed already" in output
        write_file("select 1 as one", project.project_root, "models", "twin.sql")

    def test_a_source_does_not_become_a_table(self, project, schema, sql):
        self.land(sql, schema, 3)
        text = "{{ config(materialized='table') }} select 1 as one"
        write_file(text, project.project_root, "models", "landed.sql")
        _, output = run_dbt_and_capture(["run", "--select", "landed"], expect_pass=False)
        assert f"holds the landed messages of topic clicks-{schema}" in output
        assert sql.execute(f"select count(*) > 0 from {schema}.landed").fetchone() == (True,)
        write_file(SOURCE % schema, project.project_root, "models", "landed.sql")

    @pytest.mark.parametrize(
        ("config", "error"),
        [
            ("", "no topic is configured"),
            ("topic='a', format='avro'", "format 'avro' cannot be read"),
            ("topic='a', include=['value']", "include 'value' is unknown"),
        ],
    )
    def test_a_config_that_cannot_be_is_told(self, project, schema, config, error):
        text = f"{{{{ config(materialized='source', {config}) }}}} select 1"
        write_file(text, project.project_root, "models", "wrong.sql")
        _, output = run_dbt_and_capture(["run", "--select", "wrong"], expect_pass=False)
        assert f"source wrong: {error}" in output
        assert "hint: " in output
        write_file("select 1 as one", project.project_root, "models", "wrong.sql")

    def test_freshness_is_told(self, schema, sql, project):
        self.land(sql, schema, 4)
        run_dbt(["source", "freshness"])
        written = Path(project.project_root, "target", "sources.json")
        (result,) = json.loads(written.read_text())["results"]
        assert result["status"] == "pass"
