"""The profile: where the database is, what is shown of it, and which servers are taken."""

import pytest
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.penstock import PenstockAdapter, PenstockConnectionManager, PenstockCredentials
from dbt.adapters.penstock.connections import check_version
from penstock.errors import PenstockError
from penstock.settings import Services

URL = "postgresql://ann:s3cret%21@db.example:6543/shop?sslmode=require&options=-c%20jit%3Doff"


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    """No environment, no services: a machine on which nothing was started."""
    for name in ("PENSTOCK_DATABASE_URL", "PGDATABASE", "PGUSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PENSTOCK_PROJECT_DIR", str(tmp_path))


def credentials(**keys) -> PenstockCredentials:
    """Read a profile's target as dbt does."""
    data = PenstockCredentials.translate_aliases(keys)
    PenstockCredentials.validate(data)
    return PenstockCredentials.from_dict(data)


def test_the_keys_of_a_postgres_user():
    read = credentials(
        host="h", port=5433, user="u", **{"pass": "p"}, dbname="d", schema="s", role="r",
        sslmode="require", keepalives_idle=30, search_path="a, b", connect_timeout=3,
    )  # fmt: skip
    assert read.schema == "s"
    assert read.parameters() == {
        "host": "h",
        "port": 5433,
        "user": "u",
        "password": "p",
        "dbname": "d",
        "connect_timeout": 3,
        "keepalives_idle": 30,
        "sslmode": "require",
        "application_name": "dbt",
        "options": "-c search_path=a,\\ b",
    }


def test_a_url_fills_the_keys_and_keeps_its_parameters():
    read = credentials(url=URL, schema="public")
    assert (read.host, read.port, read.user, read.database) == ("db.example", 6543, "ann", "shop")
    parameters = read.parameters()
    assert parameters["password"] == "s3cret!"
    assert parameters["sslmode"] == "require"
    assert parameters["options"] == "-c jit=off"


def test_a_key_beside_the_url_wins():
    assert credentials(url=URL, user="bob").parameters()["user"] == "bob"


def test_an_empty_url_is_no_url():
    assert credentials(url="", host="h", dbname="d").parameters()["host"] == "h"


def test_the_place_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", URL)
    assert credentials().parameters()["host"] == "db.example"


def test_the_place_comes_from_what_was_started(tmp_path):
    Services(database_url="postgresql://ann@127.0.0.1:5555/shop").write(tmp_path / ".penstock")
    assert credentials(schema="public").parameters()["port"] == 5555


def test_parsing_needs_no_place_and_connecting_says_how_to_get_one():
    read = credentials(schema="public")
    assert read.database == "penstock"
    with pytest.raises(PenstockError, match="no database") as told:
        read.parameters()
    assert "penstock up" in told.value.hint


def test_the_password_is_never_shown():
    shown = dict(credentials(url=URL).connection_info(with_aliases=True))
    assert "s3cret" not in str(shown)
    assert "url" not in shown
    assert "password" not in shown
    assert "pass" not in shown


def test_a_url_that_cannot_be_read_is_not_repeated():
    with pytest.raises(DbtRuntimeError) as told:
        credentials(url="postgresql://ann:s3cret@[broken/shop")
    assert "cannot be read" in str(told.value)
    assert "s3cret" not in str(told.value)


def test_the_role_also_makes_the_control_plane():
    assert "role=analytics" in credentials(url=URL, role="analytics").conninfo()


@pytest.mark.parametrize("version", [130000, 150004, 180001])
def test_servers_that_are_taken(version):
    check_version(version)


def test_a_server_that_is_too_old_is_refused():
    with pytest.raises(PenstockError, match="PostgreSQL 12 is too old: Penstock needs 13 to 18"):
        check_version(120019)


def test_types_have_names_in_contracts():
    assert PenstockConnectionManager.data_type_code_to_name(2950) == "UUID"
    assert PenstockConnectionManager.data_type_code_to_name(23) == "INTEGER"


def test_the_adapter_has_its_own_name():
    assert PenstockAdapter.type() == "penstock"
