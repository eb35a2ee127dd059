"""Partitions that come and go: with event triggers, and where nobody may create them."""

import threading

import psycopg
import pytest

from penstock.testing import assert_all_maintained
from penstock.testing.services import Database
from penstock_ivm import Outcome, PsycopgSession, Unmaintainable, View, deploy, drop

TABLES = """
create table events (id int, day int, kind text, amount int) partition by range (day);
create table events_1 partition of events for values from (0) to (10);
create table kinds (kind text, label text);
insert into kinds values ('a', 'Alpha');
insert into events values (1, 1, 'a', 5), (2, 2, 'b', 7);
create table loose (amount int, kind text, day int, id int);
insert into loose values (1, 'a', 11, 10), (2, 'b', 12, 11);
"""
VIEWS = {
    "totals": "select kind, count(*) as n, sum(amount) as total from events group by kind",
    "labelled": "select e.id, k.label from events as e join kinds as k using (kind)",
}
ATTACH = b"alter table events attach partition loose for values from (10) to (20)"
DETACH = b"alter table events detach partition events_1"
ADOPT = b"select penstock.adopt_partitions('events')"
WAIT_SECONDS = 10.0


@pytest.fixture
def shop(database: Database) -> Database:
    database.connection.execute(TABLES)
    put(database)
    return database


@pytest.fixture
def unwatched(shop: Database) -> Database:
    """The shop where nobody may create event triggers."""
    with psycopg.connect(shop.server.url_for("postgres", shop.name)) as superuser:
        for name in ("after_ddl", "before_ddl", "after_drop"):
            superuser.execute(f"drop event trigger penstock_{name}".encode())
    return shop


def put(database: Database) -> set[Outcome]:
    outcomes = set()
    for name, query in VIEWS.items():
        with database.connection.transaction():
            view = View("public", name, query)
            outcomes.add(deploy(PsycopgSession(database.connection), view))
    return outcomes


def faults(database: Database) -> set[str]:
    rows = database.connection.execute("select fault from penstock.faults()").fetchall()
    return {fault for (fault,) in rows}


def test_nothing_to_do_and_nothing_left(shop: Database) -> None:
    assert put(shop) == {Outcome.UNCHANGED}
    for name in VIEWS:
        with shop.connection.transaction():
            drop(PsycopgSession(shop.connection), "public", name)
    left = b"select tgrelid::regclass, tgname from pg_trigger where tgname like 'penstock%'"
    assert (
        shop.connection.execute(left).fetchall()
        == [("penstock.subscriptions", "subscription_changed")]
        or not shop.connection.execute(left).fetchall()
    )


def test_a_pipeline_that_grows_takes_partitions_along(shop: Database) -> None:
    shop.connection.execute("create table labels (label text); insert into labels values ('Alpha')")
    with shop.connection.transaction():
        query = "select l.label, t.id from labels as l join labelled as t using (label)"
        deploy(PsycopgSession(shop.connection), View("public", "more", query))
    shop.connection.execute(
        "with l as (insert into labels values ('Alpha') returning 1)"
        " insert into events_1 values (3, 3, 'a', 1)"
    )
    assert_all_maintained(shop.connection)
    assert faults(shop) == set()


@pytest.mark.parametrize("level", ["read committed", "repeatable read"])
def test_attach_and_detach_at_every_level(shop: Database, level: str) -> None:
    shop.connection.execute(f"set default_transaction_isolation to '{level}'".encode())
    for statement in (ATTACH, DETACH, b"drop table events_1", b"insert into events values (1, 11)"):
        shop.connection.execute(statement)
        assert_all_maintained(shop.connection)
    assert faults(shop) == set()


def test_a_snapshot_older_than_an_attach_cannot_write(shop: Database) -> None:
    with shop.connect() as writer:
        writer.execute("begin isolation level repeatable read")
        writer.execute("select count(*) from events")
        shop.connection.execute(ATTACH)
        with pytest.raises(psycopg.errors.SerializationFailure):
            writer.execute("insert into kinds values ('b', 'Beta')")
    assert_all_maintained(shop.connection)


def test_a_writer_waits_for_an_attach_and_sees_its_rows(shop: Database) -> None:
    with shop.connect() as writer:
        shop.connection.execute("begin")
        shop.connection.execute(ATTACH)
        thread = threading.Thread(
            target=writer.execute, args=(b"insert into kinds values ('b', 'Beta')",)
        )
        thread.start()
        thread.join(0.3)
        assert thread.is_alive(), "the pipeline is the attaching transaction's"
        shop.connection.execute("commit")
        thread.join(WAIT_SECONDS)
    assert_all_maintained(shop.connection)
    assert shop.connection.execute("select count(*) from labelled").fetchone() == (4,)


def test_detach_concurrently_is_refused(shop: Database) -> None:
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="cannot be detached concurrently"):
        shop.connection.execute(DETACH + b" concurrently")
    assert_all_maintained(shop.connection)


@pytest.mark.parametrize(
    "statement",
    ["drop table events_1", "drop schema archive cascade", "drop table events_1, loose cascade"],
)
def test_a_partition_is_not_dropped_with_its_rows(shop: Database, statement: str) -> None:
    if "schema" in statement:
        shop.connection.execute("create schema archive; alter table events_1 set schema archive")
    with pytest.raises(psycopg.errors.DependentObjectsStillExist, match="holds rows of maintained"):
        shop.connection.execute(statement.encode())
    assert_all_maintained(shop.connection)


def test_the_whole_table_is_dropped_as_any_other(shop: Database) -> None:
    with pytest.raises(psycopg.errors.DependentObjectsStillExist, match="totals__select"):
        shop.connection.execute("drop table events")
    shop.connection.execute("drop table events cascade")
    assert "public.events, which it reads, is gone" in faults(shop)
    shop.connection.execute(TABLES.replace("create table kinds", "create table more_kinds")
        .replace("insert into kinds", "insert into more_kinds")
        .replace("create table loose", "create table more_loose"))  # fmt: skip
    assert put(shop) == {Outcome.REPLACED}
    shop.connection.execute("insert into events_1 values (9, 9, 'a', 9)")
    assert_all_maintained(shop.connection)
    assert faults(shop) == set()


def test_a_foreign_partition_is_refused(shop: Database) -> None:
    with psycopg.connect(shop.server.url_for("postgres", shop.name), autocommit=True) as superuser:
        superuser.execute(
            "create foreign data wrapper nowhere;"
            " create server nowhere foreign data wrapper nowhere"
        )
        foreign = b"create foreign table abroad partition of %s for values from (50) to (60)"
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="the foreign table"):
            superuser.execute(foreign.replace(b"%s", b"events") + b" server nowhere")
        superuser.execute("create table other (day int) partition by range (day)")
        superuser.execute(foreign.replace(b"%s", b"other") + b" server nowhere")
        superuser.execute("grant all on other to public")
    view = View("public", "o", "select day from other")
    with (
        pytest.raises(Unmaintainable, match="has a foreign table for a partition"),
        shop.connection.transaction(),
    ):
        deploy(PsycopgSession(shop.connection), view)


def test_somebody_elses_partition_is_refused(shop: Database) -> None:
    with psycopg.connect(shop.server.url_for("postgres", shop.name), autocommit=True) as superuser:
        new = b"create table events_4 partition of events for values from (40) to (50)"
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="must belong to its owner"):
            superuser.execute(new)
        superuser.execute("set role penstock")
        superuser.execute(new)
    assert faults(shop) == set()


def test_without_event_triggers_a_new_partition_is_adopted_by_hand(unwatched: Database) -> None:
    connection = unwatched.connection
    connection.execute("create table events_2 partition of events for values from (30) to (40)")
    assert any("partition public.events_2 lacks triggers" in fault for fault in faults(unwatched))
    # By way of the root it is maintained even so.
    connection.execute("insert into events values (7, 31, 'a', 1)")
    assert_all_maintained(connection)
    connection.execute("delete from events where id = 7")
    connection.execute(ADOPT)
    connection.execute("insert into events_2 values (7, 31, 'a', 1)")
    assert_all_maintained(connection)
    assert faults(unwatched) == set()


def test_without_event_triggers_rows_come_and_go_by_hand(unwatched: Database) -> None:
    connection = unwatched.connection
    for change in (ATTACH, DETACH):
        with connection.transaction():
            connection.execute(change)
            connection.execute(ADOPT)
        assert_all_maintained(connection)
    assert faults(unwatched) == set()
    connection.execute("insert into events_1 values (7, 1, 'a', 1); drop table events_1")
    assert_all_maintained(connection)


def test_without_event_triggers_what_was_missed_is_built_again(unwatched: Database) -> None:
    unwatched.connection.execute(ATTACH)
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="may not have"):
        unwatched.connection.execute(ADOPT)
    assert any("partition public.loose lacks" in fault for fault in faults(unwatched))
    assert put(unwatched) == {Outcome.REPLACED}
    assert faults(unwatched) == set()
    unwatched.connection.execute("insert into loose values (1, 'a', 11, 12)")
    assert_all_maintained(unwatched.connection)
