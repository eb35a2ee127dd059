"""When dbt makes the control plane, and when it leaves the database alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner, dbtRunnerResult

from penstock.testing.services import Database, fresh_database

MODEL = "{{ config(materialized='materialized_view') }} select id from {{ ref('things') }}"


@pytest.fixture
def empty_database(postgres_server) -> Iterator[Database]:
    """A database in which nothing of ours is."""
    with fresh_database(postgres_server, "adapter_control") as fresh:
        yield fresh


class Dbt:
    """dbt on a project in a folder, as a user runs it."""

    def __init__(self, folder: Path, **target: object) -> None:
        self.folder = folder
        (folder / "models").mkdir()
        (folder / "seeds").mkdir()
        (folder / "models" / "copies.sql").write_text(MODEL)
        (folder / "seeds" / "things.csv").write_text("id\n1\n")
        flags = {"send_anonymous_usage_stats": False}
        self.write("dbt_project.yml", {"name": "p", "profile": "p", "flags": flags})
        outputs = {"t": {"type": "penstock", "schema": "public", "threads": 1, **target}}
        self.write("profiles.yml", {"p": {"target": "t", "outputs": outputs}})

    def write(self, name: str, content: object) -> None:
        (self.folder / name).write_text(yaml.safe_dump(content))

    def __call__(self, *arguments: str) -> dbtRunnerResult:
        places = ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]
        try:
            return dbtRunner().invoke([*arguments, *places])
        finally:
            reset_adapters()  # dbt keeps one a process, and another test has another place


def has_control_plane(database: Database) -> bool:
    row = database.connection.execute("select to_regclass('penstock.views') is not null").fetchone()
    return row == (True,)


def test_only_commands_that_build_make_it(empty_database, tmp_path):
    dbt = Dbt(tmp_path, url=empty_database.url)
    for command in (
        ["ls"],
        ["debug"],
        ["docs", "generate"],  # compiles, and asks the database for what is there
    ):
        assert dbt(*command).success, command
        assert not has_control_plane(empty_database), command
    assert dbt("build").success
    assert has_control_plane(empty_database)
    copies = empty_database.connection.execute("select id from public.copies").fetchall()
    assert copies == [(1,)]


def test_parsing_needs_no_server(tmp_path):
    dbt = Dbt(tmp_path, url="postgresql://nobody:s3cret@127.0.0.1:9/nowhere")
    assert dbt("parse").success
    assert dbt("compile", "--no-introspect", "--no-populate-cache").success


def test_a_server_that_is_away_is_told_without_the_password(tmp_path, capsys):
    dbt = Dbt(tmp_path, url="postgresql://nobody:s3cret@127.0.0.1:9/nowhere", retries=0)
    assert not dbt("run").success
    log = (tmp_path / "logs" / "dbt.log").read_text()
    shown = capsys.readouterr().out
    assert "Connection refused" in shown
    assert "penstock up" in shown
    assert "Traceback" not in shown
    assert "s3cret" not in shown + log


def test_no_place_is_told_with_the_way_to_one(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("PENSTOCK_DATABASE_URL", raising=False)
    monkeypatch.setenv("PENSTOCK_PROJECT_DIR", str(tmp_path))
    dbt = Dbt(tmp_path)
    assert dbt("parse").success
    assert not dbt("run").success
    shown = capsys.readouterr().out
    assert "no database: PENSTOCK_DATABASE_URL is not set" in shown
    assert "hint: run `penstock up`" in shown
    assert "Traceback" not in shown
