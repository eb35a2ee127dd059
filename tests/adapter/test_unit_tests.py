"""dbt's unit tests of maintained models, and with maintained models as inputs."""

import pytest
from dbt.tests.util import run_dbt, run_dbt_and_capture, write_file

MODELS = {
    "landed.sql": "{{ config(materialized='source', topic='unit-tests') }} select 1",
    "judged.sql": """
{{ config(materialized='materialized_view') }}
select
    kafka_offset,
    payload,
    payload ->> 'kind' as kind,
    case when payload ->> 'kind' is null then array['no kind'] else array[]::text[] end as faults,
    (payload ->> 'amount')::numeric(10, 2) as amount
from {{ ref('landed') }}
""",
    "kinds.sql": """
{{ config(materialized='materialized_view') }}
select kind, count(*) as n, sum(amount) as amount
from {{ ref('judged') }}
where cardinality(faults) = 0
group by kind
""",
}
UNIT_TESTS = """
unit_tests:
  - name: judged__without_a_kind
    model: judged
    given:
      - input: ref('landed')
        rows:
          - {kafka_offset: 1, payload: {kind: a, amount: 1.5}}
          - {kafka_offset: 2, payload: '{"amount": 2}'}
    expect:
      rows:
        - {kafka_offset: 1, kind: a, faults: [], amount: 1.5}
        - {kafka_offset: 2, kind: null, faults: [no kind], amount: 2}
  - name: kinds__faults_do_not_count
    model: kinds
    given:
      - input: ref('judged')
        rows:
          - {kind: a, amount: 1, faults: []}
          - {kind: a, amount: 2, faults: '{}'}
          - {kind: a, amount: 4, faults: [it's broken, "x,y"]}
          - {kind: b, faults: null}
    expect:
      rows:
        - {kind: a, n: 2, amount: '3.00'}
"""


class TestUnitTests:
    @pytest.fixture(scope="class")
    def models(self):
        return MODELS | {"units.yml": UNIT_TESTS}

    def test_they_pass_and_fail_as_they_should(self, project):
        assert all(r.status in ("pass", "success") for r in run_dbt(["build"]))
        results = run_dbt(["test", "--select", "test_type:unit"])
        assert [r.status for r in results] == ["pass", "pass"]
        wrong = UNIT_TESTS.replace("faults: [no kind]", "faults: [another]")
        write_file(wrong, project.project_root, "models", "units.yml")
        results, output = run_dbt_and_capture(["test"], expect_pass=False)
        assert sorted(r.status for r in results) == ["fail", "pass"]
        assert "no kind" in output
        assert "another" in output
