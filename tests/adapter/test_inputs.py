"""What maintained views read, replaced by dbt: they follow, or the run is refused."""

import pytest
from dbt.tests.util import run_dbt, run_dbt_and_capture, write_file

from penstock.testing.services import Database
from penstock_ivm import PsycopgSession, verify

NUMBERS = "id,part\n1,a\n2,a\n3,b\n"
MODELS = {
    "as_table.sql": "{{ config(materialized='table') }} select id, part from {{ ref('numbers') }}",
    "as_incremental.sql": """
{{ config(materialized='incremental', unique_key='id') }}
select id, part from {{ ref('numbers') }}
""",
    "from_seed.sql": "select part, count(*) as n from {{ ref('numbers') }} group by part",
    "from_table.sql": "select part, count(*) as n from {{ ref('as_table') }} group by part",
    "from_incremental.sql": """
select part, max(id) as last from {{ ref('as_incremental') }} group by part
""",
    "from_both.sql": """
select from_table.part, from_table.n, as_table.id
from {{ ref('from_table') }} as from_table
join {{ ref('as_table') }} as as_table on as_table.part = from_table.part
""",
}
CONFIG = {
    "models": {
        "test": {
            name: {"+materialized": "materialized_view"}
            for name in ("from_seed", "from_table", "from_incremental", "from_both", "changing")
        }
    }
}


class Inputs:
    @pytest.fixture(scope="class")
    def project_config_update(self):
        return CONFIG

    @pytest.fixture(scope="class")
    def seeds(self):
        return {"numbers.csv": NUMBERS}

    @pytest.fixture(scope="class")
    def models(self):
        return MODELS

    @pytest.fixture(scope="class")
    def built(self, project):
        run_dbt(["seed"])
        run_dbt(["run"])
        return project.test_schema


def assert_followed(database: Database, schema: str, table: str) -> None:
    """Write to an input and compare every maintained view of the schema with its SELECT."""
    with database.connect() as connection:
        views = connection.execute(
            "select view_name from penstock.views where schema_name = %s", (schema,)
        ).fetchall()
        assert views
        connection.execute(f"insert into {schema}.{table} values (9, 'z')")
        for (view,) in views:
            assert verify(PsycopgSession(connection), schema, view) == [], view
        connection.execute(f"delete from {schema}.{table} where id = 9")
        for (view,) in views:
            assert verify(PsycopgSession(connection), schema, view) == [], view


class TestReplacedInputs(Inputs):
    def test_a_table_swapped_by_rename(self, built, adapter_database, sql):
        before = sql.execute("select %s::regclass::oid", (f"{built}.as_table",)).fetchone()
        sql.execute(f"insert into {built}.numbers values (4, 'c')")
        run_dbt(["run", "--select", "as_table"])
        assert sql.execute("select %s::regclass::oid", (f"{built}.as_table",)).fetchone() != before
        got = sql.execute(f"select part, n from {built}.from_table order by 1").fetchall()
        assert got == [("a", 2), ("b", 1), ("c", 1)]
        assert_followed(adapter_database, built, "as_table")
        results = run_dbt(["run", "--select", "from_table", "from_both"])
        assert [r.message for r in results] == ["MAINTAINED (unchanged)"] * 2
        sql.execute(f"delete from {built}.numbers where id = 4")
        run_dbt(["run", "--select", "as_table"])

    def test_an_incremental_run_and_its_full_refresh(self, built, adapter_database, sql):
        sql.execute(f"insert into {built}.numbers values (5, 'b')")
        run_dbt(["run", "--select", "as_incremental"])
        got = sql.execute(f"select part, last from {built}.from_incremental order by 1").fetchall()
        assert got == [("a", 2), ("b", 5)]
        run_dbt(["run", "--select", "as_incremental", "--full-refresh"])
        assert_followed(adapter_database, built, "as_incremental")
        sql.execute(f"delete from {built}.numbers where id = 5")
        run_dbt(["run", "--select", "as_incremental", "--full-refresh"])

    def test_an_incremental_column_that_grows(self, project, built, adapter_database, sql):
        def grow(size: int) -> None:
            text = MODELS["as_incremental.sql"].replace("part from", f"part::varchar({size}) from")
            write_file(text, project.project_root, "models", "as_incremental.sql")

        grow(5)
        run_dbt(["run", "--select", "as_incremental", "--full-refresh"])
        grow(50)
        sql.execute(f"insert into {built}.numbers values (7, 'longer than five')")
        run_dbt(["run", "--select", "as_incremental"])
        got = sql.execute(f"select last from {built}.from_incremental where part like 'longer%'")
        assert got.fetchall() == [(7,)]
        assert_followed(adapter_database, built, "as_incremental")
        sql.execute(f"delete from {built}.numbers where id = 7")
        write_file(
            MODELS["as_incremental.sql"], project.project_root, "models", "as_incremental.sql"
        )
        run_dbt(["run", "--select", "as_incremental", "--full-refresh"])

    def test_a_seed_and_its_full_refresh(self, project, built, adapter_database, sql):
        write_file(NUMBERS + "6,f\n", project.project_root, "seeds", "numbers.csv")
        for arguments in ([], ["--full-refresh"]):
            run_dbt(["seed", *arguments])
            got = sql.execute(f"select n from {built}.from_seed where part = 'f'").fetchall()
            assert got == [(1,)]
            assert_followed(adapter_database, built, "numbers")
        write_file(NUMBERS, project.project_root, "seeds", "numbers.csv")
        run_dbt(["seed"])

    def test_an_input_that_loses_a_column_is_refused(self, project, built, adapter_database, sql):
        less = MODELS["as_table.sql"].replace("id, part", "id")
        write_file(less, project.project_root, "models", "as_table.sql")
        _, output = run_dbt_and_capture(["run", "--select", "as_table"], expect_pass=False)
        assert "from_table is maintained and reads" in output
        assert "hint: keep what from_table reads" in output
        assert "Traceback" not in output
        write_file(MODELS["as_table.sql"], project.project_root, "models", "as_table.sql")
        assert_followed(adapter_database, built, "as_table")

    def test_dropping_an_input_is_refused(self, project, built):
        relation = project.adapter.Relation.create(
            database=project.database, schema=built, identifier="as_table", type="table"
        )
        with (
            project.adapter.connection_named("drop"),
            pytest.raises(Exception, match="is read by maintained views and cannot be dropped"),
        ):
            project.adapter.drop_relation(relation)


class TestChangingKind(Inputs):
    @pytest.fixture(scope="class")
    def models(self):
        return MODELS | {
            "changing.sql": "select id, part from {{ ref('numbers') }} where id < 9",
            "from_changing.sql": """
{{ config(materialized='materialized_view') }} select count(*) as n from {{ ref('changing') }}
""",
            "on_top.sql": "select n from {{ ref('from_changing') }}",
        }

    @pytest.mark.parametrize(
        "kinds",
        [
            ("table", "view"),
            ("view", "table"),
            ("incremental", "view"),
        ],
    )
    def test_to_another_and_back(self, project, built, adapter_database, sql, kinds):
        path = (project.project_root, "models", "changing.sql")
        body = "select id, part from {{ ref('numbers') }} where id < 9"
        for kind in (*kinds, "materialized_view"):
            write_file(f"{{{{ config(materialized='{kind}') }}}} {body}", *path)
            refresh = ["--full-refresh"] if kind == "incremental" else []
            run_dbt(["run", "--select", "changing", *refresh])
            shown = sql.execute(f"select n from {built}.on_top").fetchall()
            assert shown == [(3,)], kind
            views = sql.execute(
                "select view_name from penstock.views where schema_name = %s order by 1", (built,)
            ).fetchall()
            assert (("changing",) in views) == (kind == "materialized_view")
            assert not [name for (name,) in views if "backup" in name or "tmp" in name]
            relations = sql.execute(
                "select relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace"
                " where nspname = %s and relname like 'changing%%' and relkind in ('r', 'v')",
                (built,),
            ).fetchall()
            assert relations == [("changing",)], kind
            assert_followed(adapter_database, built, "numbers")
            run_dbt(["run", "--select", "from_changing"])
            assert_followed(adapter_database, built, "numbers")

    def test_an_incremental_model_does_not_write_into_a_view(self, project, built):
        path = (project.project_root, "models", "changing.sql")
        text = MODELS["as_incremental.sql"]
        write_file(text, *path)
        _, output = run_dbt_and_capture(["run", "--select", "changing"], expect_pass=False)
        assert "is a maintained view" in output
        assert "hint: build it once with --full-refresh" in output
        write_file("select id, part from {{ ref('numbers') }} where id < 9", *path)
