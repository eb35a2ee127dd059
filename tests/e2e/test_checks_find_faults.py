"""`dbt test`, `penstock verify` and `assert_maintained` pass on what is right and find what is not.

A fault is made where nothing may write: in a state table, by a superuser, past every trigger.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest
from click.testing import CliRunner, Result
from comparing import assert_as_expected, views_found_wrong
from landing import land
from oracle import Message, expect
from psycopg import sql

from penstock.cli.repair import command as repair
from penstock.cli.verify import command as verify
from penstock.demo.generator import messages
from penstock.errors import PenstockError
from penstock.services.postgres import Server
from penstock.testing.services import Database, fresh_database

LOADED = "e2e_loaded"
SAMPLE = [
    Message(number % 4, number // 4, 1_772_359_200_000, message.value)
    for number, message in enumerate(messages(600))
]
STATE_TABLES = """
with recursive reached as (
    select %s::regclass::oid as oid
    union
    select d.refobjid
    from reached
    join pg_rewrite as r on r.ev_class = reached.oid
    join pg_depend as d on d.objid = r.oid and d.refclassid = 'pg_class'::regclass
)
select c.relname
from reached join pg_class as c using (oid)
where c.relkind = 'r' and c.relnamespace = 'penstock_state'::regnamespace
"""
TRIGGERS = "select tgname from pg_trigger where tgrelid = %s::regclass and not tgisinternal"


@dataclass(frozen=True, slots=True)
class Fault:
    """What was done to the state of a relation, and the dbt test that must fail for it."""

    title: str
    relation: str
    statement: str
    found_by: str


FAULTS = [
    Fault(
        "a profile is gone",
        "int_profile_totals",
        "delete from {state} where component = (select min(component) from {state})",
        "every_identifier_belongs_to_a_profile",
    ),
    Fault(
        "an event is counted twice",
        "int_profile_totals",
        "update {state} set __count = __count + 1"
        " where component = (select min(component) from {state})",
        "profiles_add_up_to_events",
    ),
    Fault(
        "revenue is lost",
        "int_profile_totals",
        "update {state} set __agg1__sum = __agg1__sum - 0.01"
        " where __agg1__sum = (select max(__agg1__sum) from {state})",
        "profiles_add_up_to_events",
    ),
    Fault(
        "an event is lost",
        "events",
        "delete from {state}"
        " where (message_id, kafka_offset) = (select message_id, kafka_offset from events limit 1)",
        "every_landed_message_is_accounted_for",
    ),
    Fault(
        "a later delivery is shown",
        "events",
        "update {state} set received_at = received_at + interval '1 hour'"
        " where (message_id, kafka_offset) = (select message_id, kafka_offset from events limit 1)",
        "no_earlier_delivery_was_passed_over",
    ),
    Fault(
        "an identifier is another person's",
        "int_identity_components",
        "update {state} set component = (select max(component) from {state})"
        " where node = 'user_id:' || (select min(user_id) from profiles)"
        " and component <> (select max(component) from {state})",
        "identifiers_of_one_event_share_a_profile",
    ),
]


@pytest.fixture(scope="module")
def loaded(postgres_server: Server, deployed: str) -> Iterator[str]:
    """Name a database with messages in it."""
    with fresh_database(postgres_server, LOADED, template=deployed) as database:
        land(database.connection, SAMPLE)
        yield database.name


@pytest.fixture
def warehouse(
    postgres_server: Server, loaded: str, _database_numbers: Iterator[int]
) -> Iterator[Database]:
    name = f"e2e_{next(_database_numbers)}"
    with fresh_database(postgres_server, name, template=loaded) as database:
        yield database


def commit_fault(database: Database, fault: Fault) -> None:
    """Do what no statement of a user can: write to the state, and tell nobody."""
    url = database.server.url_for("postgres", database.name)
    with psycopg.connect(url) as superuser:
        [(name,)] = superuser.execute(STATE_TABLES, (fault.relation,)).fetchall()
        state = sql.Identifier("penstock_state", name)
        # No setting is enough: they fire whatever session_replication_role is.
        superuser.execute(sql.SQL("alter table {} disable trigger all").format(state))
        done = superuser.execute(sql.SQL(fault.statement).format(state=state))
        assert done.rowcount == 1
        for (trigger,) in superuser.execute(TRIGGERS, (f"penstock_state.{name}",)).fetchall():
            enable = sql.SQL("alter table {} enable always trigger {}")
            superuser.execute(enable.format(state, sql.Identifier(trigger)))


def invoke(command: object, database: Database, *arguments: str) -> Result:
    environment = {"PENSTOCK_DATABASE_URL": database.url}
    return CliRunner().invoke(command, arguments, env=environment)  # type: ignore[arg-type]


def test_all_checks_pass_on_what_is_right(warehouse: Database, dbt: Callable[..., None]) -> None:
    assert_as_expected(warehouse.connection, expect(SAMPLE))
    dbt(warehouse.url, "test")
    result = invoke(verify, warehouse)
    assert result.exit_code == 0, result.output
    assert views_found_wrong(warehouse.connection) == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title.replace(" ", "-"))
def test_a_fault_is_found(warehouse: Database, dbt: Callable[..., None], fault: Fault) -> None:
    expected = expect(SAMPLE)
    commit_fault(warehouse, fault)

    with pytest.raises(AssertionError, match=r"missing|name other profiles"):
        assert_as_expected(warehouse.connection, expected)
    with pytest.raises(PenstockError) as raised:
        dbt(warehouse.url, "test", "--select", "test_type:singular")
    assert fault.found_by in str(raised.value.detail)
    wrong = views_found_wrong(warehouse.connection)
    assert wrong
    result = invoke(verify, warehouse)
    assert result.exit_code == 1
    told = {line.partition(":")[0] for line in result.output.splitlines() if "rows differ" in line}
    assert told == {f"public.{view}" for view in wrong}


def test_repair_mends_what_verify_finds(warehouse: Database) -> None:
    commit_fault(warehouse, FAULTS[0])
    [view] = views_found_wrong(warehouse.connection)

    result = invoke(repair, warehouse, view)

    assert result.exit_code == 0, result.output
    assert invoke(verify, warehouse).exit_code == 0
    assert_as_expected(warehouse.connection, expect(SAMPLE))
