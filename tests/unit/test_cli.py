"""Every command teaches, and every failure is told in three parts."""

import re
from pathlib import Path

import click
import psycopg
import pytest
from click.testing import CliRunner

from penstock import cli
from penstock.cli.status import size
from penstock.errors import PenstockError

FOLDER = Path(cli.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help_that_teaches(name: str) -> None:
    done = CliRunner().invoke(cli.cli, [name, "--help"])
    assert done.exit_code == 0
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    assert command.name == name
    assert len((command.help or "").split()) > 20, "help that only repeats the name"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"--{parameter.name} has no help"


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_and_option_is_on_its_page(name: str) -> None:
    page = PAGE.read_text()
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    assert f"`penstock {name}" in page
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}" in page, "an option that the page does not have"


def test_no_option_on_the_page_is_gone() -> None:
    context = click.Context(cli.cli)
    commands = [cli.cli.get_command(context, name) for name in cli.COMMANDS]
    known = {opt for command in commands if command for p in command.params for opt in p.opts}
    listed = set(re.findall(r"^\| `(--[a-z-]+)", PAGE.read_text(), re.MULTILINE))
    assert listed
    assert listed <= known


def test_the_first_help_lists_every_command_and_imports_none() -> None:
    done = CliRunner().invoke(cli.cli, ["--help"])
    _, _, listed = done.output.partition("Commands:")
    assert re.findall(r"^  ([a-z]+)  ", listed, re.MULTILINE) == list(cli.COMMANDS)


def test_every_command_is_a_file_and_is_listed() -> None:
    files = {file.stem for file in FOLDER.glob("*.py") if "@click.command" in file.read_text()}
    assert files == set(cli.COMMANDS)


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Make `penstock status` fail in a given way."""

    def fail() -> None:
        raise error

    command = click.Command("status", callback=fail)
    monkeypatch.setattr(cli.Commands, "get_command", lambda *_: command)


def exit_status(arguments: list[str]) -> int | str | None:
    with pytest.raises(SystemExit) as leave:
        cli.main(arguments)
    return leave.value.code


def test_an_error_is_told_in_three_parts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, PenstockError("it is so", "line one\nline two", "do this"))
    assert exit_status(["status"]) == 1
    want = "error: it is so\ndetail: line one\n        line two\nhint: do this\n"
    assert capsys.readouterr().err == want


def test_the_databases_errors_are_told_in_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, psycopg.OperationalError("server closed the connection\nunexpectedly"))
    assert exit_status(["status"]) == 1
    assert capsys.readouterr().err == "error: the database said: server closed the connection\n"


def test_a_defect_shows_no_traceback_but_keeps_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PENSTOCK_PROJECT_DIR", str(tmp_path))
    failing(monkeypatch, KeyError("surprise"))
    assert exit_status(["status"]) == 1
    told = capsys.readouterr().err
    kept = tmp_path / ".penstock/run/traceback.log"
    assert told.startswith("error: unexpected KeyError: 'surprise'\n")
    assert str(kept) in told
    assert "Traceback" not in told
    assert "Traceback" in kept.read_text()


def test_interruption_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    assert exit_status(["status"]) == 130
    assert capsys.readouterr().err.strip() == "interrupted"


def test_wrong_usage_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_status(["bogus"]) == 2
    assert exit_status(["repair"]) == 2
    assert exit_status(["connect", "--batch-rows", "0"]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("count", "want"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 kB"), (5 << 40, "5.0 TB")]
)
def test_sizes_read_well(count: int, want: str) -> None:
    assert size(count) == want
