"""Where a command finds its database and broker, and what it says when there is none."""

import stat
from pathlib import Path

import pytest

from penstock.errors import PenstockError
from penstock.settings import Services, Settings


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without services, and an environment without settings."""
    for name in ("DATABASE_URL", "CONNECTOR_URL", "KAFKA_BOOTSTRAP", "PROJECT_DIR"):
        monkeypatch.delenv(f"PENSTOCK_{name}", raising=False)
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


UP = Services(
    database_url="postgresql://penstock@127.0.0.1:5/penstock",
    connector_url="postgresql://penstock_connector@127.0.0.1:5/penstock",
    kafka_bootstrap="127.0.0.1:9",
)


def test_without_anything_the_hint_is_penstock_up() -> None:
    for ask in (Settings().require_database_url, Settings().require_kafka_bootstrap):
        with pytest.raises(PenstockError) as caught:
            ask()
        assert "penstock up" in str(caught.value.hint)


def test_what_penstock_up_wrote_is_found_from_any_folder_below(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    UP.write(project / ".penstock")
    (project / "models" / "staging").mkdir(parents=True)
    monkeypatch.chdir(project / "models" / "staging")
    settings = Settings()
    assert settings.require_database_url() == UP.database_url
    assert settings.require_connector_url() == UP.connector_url
    assert settings.require_kafka_bootstrap() == UP.kafka_bootstrap


def test_the_environment_wins(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    UP.write(project / ".penstock")
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", "postgresql://ann:geheim@db.example/shop")
    monkeypatch.setenv("PENSTOCK_KAFKA_BOOTSTRAP", "kafka.example:9092")
    settings = Settings()
    assert settings.require_database_url() == "postgresql://ann:geheim@db.example/shop"
    assert settings.require_connector_url() == settings.require_database_url()
    assert settings.require_kafka_bootstrap() == "kafka.example:9092"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", "")
    with pytest.raises(PenstockError):
        Settings().require_database_url()


def test_a_password_shows_in_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", "postgresql://ann:geheim@db.example/shop")
    settings = Settings()
    assert "geheim" not in f"{settings!r} {settings}"


def test_a_broken_file_counts_as_none(project: Path) -> None:
    UP.write(project / ".penstock")
    Services.file(project / ".penstock").write_text("{")
    with pytest.raises(PenstockError, match="no services are running"):
        Settings().require_database_url()


def test_the_file_is_its_owners_only(project: Path) -> None:
    UP.write(project / ".penstock")
    UP.write(project / ".penstock")
    mode = Services.file(project / ".penstock").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
