"""The control plane comes up, goes down, and is left alone when it is current."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic.script import ScriptDirectory

from penstock import control, revision
from penstock.errors import PenstockError
from penstock.services.postgres import Server
from penstock.testing.services import Database, fresh_database

TABLES = {
    "source_offsets": "0001",
    "dead_letters": "0002",
    "subscriptions": "0003",
    "views": "0004",
    "inputs": "0005",
    "suspensions": "0007",
    "timings": "0008",
    "timed_batches": "0008",
}
REVISIONS = sorted({*TABLES.values(), "0006"})


@pytest.fixture
def empty(postgres_server: Server, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without a control plane."""
    name = f"empty_{abs(hash(request.node.nodeid)) % 10**9}"
    with fresh_database(postgres_server, name) as database:
        yield database


def tables(database: Database) -> set[str]:
    """The control plane's own tables, without alembic's and the record of functions."""
    rows = database.connection.execute(
        "select relname from pg_class where relnamespace = to_regnamespace('penstock')"
        " and relkind = 'r' and relname not in ('alembic_version', 'functions')"
    ).fetchall()
    return {name for (name,) in rows}


def test_the_head_named_by_files_is_alembics_head() -> None:
    script = ScriptDirectory(str(revision.sql_dir() / "migrations"))
    assert revision.head_revision() == script.get_current_head() == REVISIONS[-1]


def test_it_comes_up_in_an_empty_database(empty: Database) -> None:
    control.ensure_control_plane(empty.url)
    assert tables(empty) == set(TABLES)
    assert empty.connection.execute("select to_regnamespace('penstock_state')").fetchone() != (
        None,
    )
    applied = empty.connection.execute("select name from penstock.functions order by name")
    assert [name for (name,) in applied] == list(revision.function_files())


@pytest.mark.parametrize("revision", REVISIONS)
def test_it_goes_up_from_every_revision(empty: Database, revision: str) -> None:
    control.upgrade(empty.url, revision)
    assert tables(empty) == {name for name, since in TABLES.items() if since <= revision}
    control.ensure_control_plane(empty.url)
    assert tables(empty) == set(TABLES)


@pytest.mark.parametrize("revision", ["base", *REVISIONS])
def test_it_goes_down_to_every_revision_and_up_again(empty: Database, revision: str) -> None:
    control.ensure_control_plane(empty.url)
    control.downgrade(empty.url, revision)
    assert tables(empty) == {name for name, since in TABLES.items() if since <= revision != "base"}
    control.ensure_control_plane(empty.url)
    assert tables(empty) == set(TABLES)
    triggers = "select tgname from pg_trigger where tgrelid = to_regclass('penstock.subscriptions')"
    assert ("subscription_changed",) in empty.connection.execute(triggers).fetchall()


def test_a_current_control_plane_is_only_read(database: Database) -> None:
    role, name = database.connection.info.user, database.connection.info.dbname
    alter = f'alter role "{role}" in database "{name}" set default_transaction_read_only'
    database.connection.execute(f"{alter} = on".encode())
    control.ensure_control_plane(database.url)
    with control.connect(database.url) as connection:
        assert connection.execute("show transaction_read_only").fetchone() == ("on",)


def test_a_changed_function_file_is_applied_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = revision.function_files()
    added = "create or replace function penstock.answer() returns int language sql as 'select {}';"
    for answer in (41, 42):
        changed = files | {"zz_answer.sql": added.format(answer)}
        monkeypatch.setattr(revision, "function_files", lambda changed=changed: changed)
        control.ensure_control_plane(database.url)
        assert database.connection.execute("select penstock.answer()").fetchone() == (answer,)


def test_a_broken_function_file_changes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = revision.function_files()
    changed = files | {
        "zy_table.sql": "create table penstock.left_over (a int);",
        "zz_broken.sql": "create function nonsense",
    }
    monkeypatch.setattr(revision, "function_files", lambda: changed)
    with pytest.raises(PenstockError, match=r"zz_broken\.sql was refused: syntax error"):
        control.ensure_control_plane(database.url)
    assert "left_over" not in tables(database)


def test_several_processes_may_bring_it_up_at_once(empty: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(control.ensure_control_plane, [empty.url] * 4))
    assert tables(empty) == set(TABLES)


def test_an_unreachable_database_is_named_without_its_password() -> None:
    with pytest.raises(PenstockError) as caught:
        control.ensure_control_plane("postgresql://ann:geheim@127.0.0.1:1/shop")
    assert "127.0.0.1" in caught.value.primary
    assert "geheim" not in str(caught.value)
    assert caught.value.hint is not None


def test_a_user_who_may_not_create_is_told_what_is_missing(empty: Database) -> None:
    with pytest.raises(PenstockError, match="permission denied") as caught:
        control.ensure_control_plane(empty.url_for("penstock_reader"))
    assert "CREATE" in str(caught.value.hint)


def test_a_control_plane_of_a_newer_penstock_is_left_alone(database: Database) -> None:
    database.connection.execute("update penstock.alembic_version set version_num = '9999'")
    with pytest.raises(PenstockError, match=r"at revision 9999, newer than this Penstock's"):
        control.ensure_control_plane(database.url)


class TestRoles:
    """The connector lands rows and little else; a reader reads."""

    @pytest.fixture
    def landing(self, database: Database) -> Database:
        database.connection.execute(
            "create table landed (payload jsonb);"
            "create table penstock_state.kept (a int);"
            "insert into penstock.subscriptions values ('t', 'public', 'landed', 'json')"
        )
        return database

    def test_a_subscription_lets_the_connector_land_rows(self, landing: Database) -> None:
        with psycopg.connect(landing.url_for("penstock_connector")) as connector:
            connector.execute("insert into landed values ('{}')")
            connector.execute("insert into penstock.source_offsets values ('t', 0, 1)")
            connector.execute("update penstock.source_offsets set next_offset = 2")
            connector.execute(
                'insert into penstock.dead_letters (topic, partition, "offset", error)'
                " values ('t', 0, 0, 'no')"
            )
            assert connector.execute("select count(*) from penstock.subscriptions").fetchone() == (
                1,
            )

    @pytest.mark.parametrize(
        "statement",
        [
            "select * from landed",
            "delete from landed",
            "select * from penstock_state.kept",
            "update penstock.subscriptions set topic = 'x'",
            "delete from penstock.source_offsets",
            "create table mine (a int)",
        ],
    )
    def test_the_connector_may_do_nothing_else(self, landing: Database, statement: str) -> None:
        with (
            psycopg.connect(landing.url_for("penstock_connector")) as connector,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connector.execute(statement)

    def test_a_reader_reads_and_writes_nothing(self, landing: Database) -> None:
        landing.connection.execute("create view shown as select * from landed")
        with psycopg.connect(landing.url_for("penstock_reader"), autocommit=True) as reader:
            assert reader.execute("select * from shown").fetchall() == []
            assert reader.execute("select * from penstock.views").fetchall() == []
            control.ensure_control_plane(landing.url_for("penstock_reader"))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute("insert into landed values ('{}')")

    def test_a_subscription_is_announced(self, database: Database) -> None:
        with database.connect() as listener:
            listener.execute("listen penstock_subscriptions")
            database.connection.execute(
                "insert into penstock.subscriptions values ('orders', 'public', 'none', 'json')"
            )
            [notice] = listener.notifies(timeout=5, stop_after=1)
        assert notice.payload == "orders"
