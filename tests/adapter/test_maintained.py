"""`materialized_view`: what a dbt user does with a model, from first run to removal."""

import psycopg
import pytest
from dbt.tests.util import rm_file, run_dbt, run_dbt_and_capture, write_file

ORDERS = "order_id,customer_id,amount,status\n1,10,5,paid\n2,10,7,paid\n3,11,9,open\n"
TOTALS = """
{{ config(
    materialized='materialized_view', indexes=[{'columns': ['customer_id'], 'unique': true}],
    pre_hook="insert into {{ this.schema }}.hooks values ('before')",
    post_hook="insert into {{ this.schema }}.hooks values ('after')",
    grants={'select': ['dbt_test_user_1']}, persist_docs={'relation': true, 'columns': true},
    tags=['nightly'],
) }}
-- One row per customer.
select customer_id, count(*) as orders, sum(amount) as amount
from {{ ref('paid') }}
group by customer_id
"""
PAID = "select * from {{ ref('orders') }} where status = 'paid'"
SECOND = """
{{ config(materialized='materialized_view', schema='marts', alias='big_spenders') }}
select customer_id from {{ ref('totals') }} where amount >= 10
"""
ON_TOP = "select count(*) as customers from {{ ref('totals') }}"
TOTALS_YML = """
models:
  - name: totals
    description: What each customer ordered; it's "maintained".
    config: {contract: {enforced: true}}
    columns:
      - {name: customer_id, data_type: integer, description: Who., data_tests: [unique, not_null]}
      - {name: orders, data_type: bigint, description: How many.}
      - {name: amount, data_type: bigint, description: How much.}
"""
REFRESHED = ["MAINTAINED (unchanged)", "MAINTAINED (unchanged)"]


def messages(results) -> list[str]:
    """What the run log says of maintained models, in the order they ran."""
    return [r.message for r in results if r.node.config.materialized == "materialized_view"]


class Project:
    """Orders, a plain view of them, a maintained view of that, and views on top."""

    @pytest.fixture(scope="class")
    def seeds(self):
        return {"orders.csv": ORDERS}

    @pytest.fixture(scope="class")
    def models(self):
        return {
            "paid.sql": PAID,
            "totals.sql": TOTALS,
            "totals.yml": TOTALS_YML,
            "second.sql": SECOND,
            "on_top.sql": ON_TOP,
        }

    @pytest.fixture(scope="class")
    def schema(self, project, sql: psycopg.Connection):
        """Everything seeded and run once; the schema's name."""
        schema = project.test_schema
        sql.execute(f"create table {schema}.hooks (moment text)")
        run_dbt(["seed"])
        run_dbt(["run"])
        return schema


def totals(sql: psycopg.Connection, schema: str) -> list[tuple]:
    return sql.execute(f"select * from {schema}.totals order by customer_id").fetchall()


class TestLifeOfAModel(Project):
    def test_a_write_is_seen_at_once(self, schema, sql):
        assert totals(sql, schema) == [(10, 2, 12)]
        sql.execute(f"insert into {schema}.orders values (4, 12, 1, 'paid')")
        assert totals(sql, schema) == [(10, 2, 12), (12, 1, 1)]
        sql.execute(f"delete from {schema}.orders where order_id = 4")
        assert totals(sql, schema) == [(10, 2, 12)]
        assert sql.execute(f"select * from {schema}_marts.big_spenders").fetchall() == [(10,)]

    def test_hooks_grants_docs_and_indexes_are_as_configured(self, schema, sql):
        hooks = sql.execute(f"select moment from {schema}.hooks limit 2").fetchall()
        assert hooks == [("before",), ("after",)]
        (granted,) = sql.execute(
            "select has_table_privilege('dbt_test_user_1', %s, 'select')", (f"{schema}.totals",)
        ).fetchone()
        assert granted
        comments = sql.execute(
            "select obj_description(%(view)s::regclass), col_description(%(view)s::regclass, 2)",
            {"view": f"{schema}.totals"},
        ).fetchone()
        assert comments == ('What each customer ordered; it\'s "maintained".', "How many.")
        (indexes,) = sql.execute(
            "select count(*) from penstock.views"
            " join pg_index on indrelid = ('penstock_state.' || quote_ident(state_table))::regclass"
            " where schema_name = %s and view_name = 'totals' and indisunique"
            " and pg_get_indexdef(indexrelid) like '%%(customer_id)'",
            (schema,),
        ).fetchone()
        assert indexes >= 1

    def test_running_again_changes_nothing(self, schema):
        assert messages(run_dbt(["run"])) == REFRESHED
        assert messages(run_dbt(["run", "--select", "tag:nightly"])) == REFRESHED[:1]

    def test_full_refresh_builds_again(self, schema, sql):
        results = run_dbt(["run", "--full-refresh", "--select", "totals"])
        assert messages(results) == ["MAINTAINED (replaced)"]
        assert totals(sql, schema) == [(10, 2, 12)]
        assert sql.execute(f"select customers from {schema}.on_top").fetchall() == [(1,)]

    def test_tests_ls_and_docs_know_it(self, schema):
        assert all(r.status == "pass" for r in run_dbt(["test"]))
        chosen = ["--select", "config.materialized:materialized_view"]
        listed = run_dbt(["ls", "--resource-type", "model", *chosen])
        assert listed == ["test.second", "test.totals"]
        catalog = run_dbt(["docs", "generate"])
        totals = catalog.nodes["model.test.totals"]
        assert totals.metadata.type == "MATERIALIZED VIEW"
        assert list(totals.columns) == ["customer_id", "orders", "amount"]
        assert totals.columns["orders"].comment == "How many."

    def test_a_changed_view_below_is_noticed(self, project, schema, sql):
        everything = "select * from {{ ref('orders') }}"
        write_file(everything, project.project_root, "models", "paid.sql")
        assert messages(run_dbt(["run"])) == ["MAINTAINED (replaced)", "MAINTAINED (unchanged)"]
        assert totals(sql, schema) == [(10, 2, 12), (11, 1, 9)]
        write_file(PAID, project.project_root, "models", "paid.sql")
        run_dbt(["run", "--select", "paid"])
        assert messages(run_dbt(["run", "--select", "totals"])) == ["MAINTAINED (replaced)"]
        assert totals(sql, schema) == [(10, 2, 12)]

    def test_a_column_and_all_that_read_it_are_renamed_in_one_run(self, project, schema, sql):
        def write(rename) -> None:
            for name, text in (
                ("totals.sql", TOTALS),
                ("totals.yml", TOTALS_YML),
                ("second.sql", SECOND),
                ("on_top.sql", "select sum(amount) as amount from {{ ref('totals') }}"),
            ):
                write_file(rename(text), project.project_root, "models", name)

        write(lambda text: text)
        run_dbt(["run"])
        write(
            lambda text: text.replace("as amount", "as spent").replace(
                "name: amount", "name: spent"
            )
        )
        # The readers' turn comes later: they go on, right, as they are.
        run_dbt(["run", "--select", "totals"])
        sql.execute(f"insert into {schema}.orders values (9, 12, 50, 'paid')")
        assert sql.execute(f"select max(spent) from {schema}.totals").fetchone() == (50,)
        assert sql.execute(f"select amount from {schema}.on_top").fetchone() == (62,)
        big = f"select customer_id from {schema}_marts.big_spenders order by 1"
        assert sql.execute(big).fetchall() == [(10,), (12,)]
        write(
            lambda text: (
                text.replace("as amount", "as spent")
                .replace("name: amount", "name: spent")
                .replace("amount >= 10", "spent >= 10")
                .replace(
                    "sum(amount) as spent from {{ ref('totals')",
                    "sum(spent) as spent from {{ ref('totals')",
                )
            )
        )
        assert messages(run_dbt(["run"])) == ["MAINTAINED (unchanged)", "MAINTAINED (replaced)"]
        sql.execute(f"delete from {schema}.orders where order_id = 9")
        assert sql.execute(f"select spent from {schema}.on_top").fetchone() == (12,)
        assert sql.execute(big).fetchall() == [(10,)]
        kept = sql.execute(
            "select count(*) from penstock.views where schema_name = 'penstock_state'"
        )
        assert kept.fetchone() == (0,)
        write(lambda text: text)
        assert messages(run_dbt(["run"])) == ["MAINTAINED (replaced)"] * 2
        write_file(ON_TOP, project.project_root, "models", "on_top.sql")
        run_dbt(["run"])

    def test_a_revoked_grant_goes(self, project, schema, sql):
        text = TOTALS.replace("dbt_test_user_1", "dbt_test_user_2")
        write_file(text, project.project_root, "models", "totals.sql")
        run_dbt(["run", "--select", "totals"])
        granted = sql.execute(
            "select has_table_privilege('dbt_test_user_1', %(view)s, 'select'),"
            " has_table_privilege('dbt_test_user_2', %(view)s, 'select')",
            {"view": f"{schema}.totals"},
        ).fetchone()
        assert granted == (False, True)
        write_file(TOTALS, project.project_root, "models", "totals.sql")
        run_dbt(["run", "--select", "totals"])


class TestASchemaThatIsDropped(Project):
    def test_takes_old_versions_along(self, project, schema, sql):
        text = ON_TOP.replace("count(*)", "sum(amount)")
        write_file(text, project.project_root, "models", "on_top.sql")
        run_dbt(["run"])
        for name, text in (("totals.sql", TOTALS), ("totals.yml", TOTALS_YML)):
            renamed = text.replace("as amount", "as spent").replace("name: amount", "name: spent")
            write_file(renamed, project.project_root, "models", name)
        run_dbt(["run", "--select", "totals"])
        with project.adapter.connection_named("_test"):
            for name in (f"{schema}_marts", schema):
                relation = project.adapter.Relation.create(project.database, name)
                project.adapter.drop_schema(relation)
        left = (
            "select view_name from penstock.views"
            " where coalesce(definition -> 'retired_from' ->> 0, schema_name) like %s"
        )
        assert sql.execute(left, (f"{schema}%",)).fetchall() == []


class TestRefusals(Project):
    @pytest.fixture
    def bad(self, project):
        """Writes a model that is gone again after the test."""
        yield lambda text: write_file(text, project.project_root, "models", "bad.sql")
        rm_file(project.project_root, "models", "bad.sql")

    def test_a_contract_that_does_not_hold_builds_nothing(self, project, schema, sql):
        cases = {
            "wrong type": TOTALS_YML.replace(
                "orders, data_type: bigint", "orders, data_type: text"
            ),
            "missing column": TOTALS_YML + "      - {name: more, data_type: text}\n",
            "extra column": TOTALS_YML.replace(
                "      - {name: amount, data_type: bigint, description: How much.}\n", ""
            ),
        }
        before = sql.execute("select deployed_at from penstock.views order by 1").fetchall()
        for case, text in cases.items():
            write_file(text, project.project_root, "models", "totals.yml")
            _, output = run_dbt_and_capture(["run", "--select", "totals"], expect_pass=False)
            assert "This model has an enforced contract that failed." in output, case
            assert "Traceback" not in output
        assert sql.execute("select deployed_at from penstock.views order by 1").fetchall() == before
        write_file(TOTALS_YML, project.project_root, "models", "totals.yml")

    def test_what_cannot_be_maintained_is_told_in_three_parts(self, schema, bad):
        text = """{{ config(
    materialized='materialized_view',
) }}
select
    now() as moment
from {{ ref('orders') }}
"""
        bad(text)
        _, output = run_dbt_and_capture(["run", "--select", "bad"], expect_pass=False)
        assert "Compilation Error in model bad (models/bad.sql)" in output
        assert "now() cannot be maintained" in output
        assert "detail: models/bad.sql:5" in output
        assert "hint: " in output
        assert "Traceback" not in output
        bad(text.replace("now()", "order_id"))
        assert messages(run_dbt(["retry"])) == ["MAINTAINED (created)"]

    def test_an_error_of_sql_is_the_servers(self, schema, bad):
        text = (
            "{{ config(materialized='materialized_view') }} select nothing from {{ ref('orders') }}"
        )
        bad(text)
        _, output = run_dbt_and_capture(["run", "--select", "bad"], expect_pass=False)
        assert 'column "nothing" does not exist' in output
        assert "Traceback" not in output

    def test_index_changes_follow_on_configuration_change(self, project, schema, sql):
        def run(choice: str, unique: str, expect_pass: bool = True) -> str:
            text = TOTALS.replace("'unique': true", f"'unique': {unique}").replace(
                "tags=", f"on_configuration_change='{choice}', tags="
            )
            write_file(text, project.project_root, "models", "totals.sql")
            _, output = run_dbt_and_capture(["run", "--select", "totals"], expect_pass=expect_pass)
            return output

        assert "on_configuration_change is fail" in run("fail", "false", expect_pass=False)
        output = run("continue", "false")
        assert "the old ones stay" in output
        assert "MAINTAINED (unchanged)" in output
        assert "MAINTAINED (indexes changed)" in run("apply", "false")
        assert "MAINTAINED (unchanged)" in run("fail", "false")
        write_file(TOTALS, project.project_root, "models", "totals.sql")
        run_dbt(["run", "--select", "totals"])

    def test_a_removed_model_stays_until_it_is_dropped(self, schema, sql):
        _, output = run_dbt_and_capture(
            ["run-operation", "penstock_drop", "--args", "{name: totals}"], expect_pass=False
        )
        assert "is read by maintained views and cannot be dropped" in output
        run_dbt(
            [
                "run-operation",
                "penstock_drop",
                "--args",
                f"{{name: big_spenders, schema: {schema}_marts}}",
            ]
        )
        run_dbt(["run-operation", "penstock_drop", "--args", "{name: totals}"])
        gone = sql.execute("select to_regclass(%s)", (f"{schema}.totals",)).fetchone()
        assert gone == (None,)
        assert messages(run_dbt(["run"])) == ["MAINTAINED (created)"] * 2
