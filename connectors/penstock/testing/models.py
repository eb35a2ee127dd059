"""Running dbt models from a test, in this process: a new one would cost seconds each time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from penstock.errors import PenstockError


def run_models(
    url: str, *arguments: str, project_dir: Path | None = None, command: str = "run"
) -> None:
    """Run `dbt <command>` with these arguments against the database at `url`.

    project_dir: where dbt_project.yml and profiles.yml are, else the working directory.
    Raises PenstockError with dbt's own words when anything fails.

        run_models(database.url, "--select", "+profiles")
    """
    # Two seconds, needed by few tests.
    from dbt.adapters.factory import FACTORY  # noqa: PLC0415
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    place = str(project_dir or Path.cwd())
    call = [command, "--project-dir", place, "--profiles-dir", place, "--quiet", *arguments]
    adapters = dict(FACTORY.adapters)
    with _environment(PENSTOCK_DATABASE_URL=url, DBT_SEND_ANONYMOUS_USAGE_STATS="false"):
        result = dbtRunner().invoke(call)
    # dbt would give the next project in this process the adapter, and so the database, of this one.
    FACTORY.adapters = adapters
    if not result.success:
        raise PenstockError(
            f"dbt {command} failed", detail=_reason(result), hint="run it by hand in the project"
        )


def _reason(result: object) -> str:
    """Gather dbt's messages: its exception, or those of the nodes that failed."""
    exception = getattr(result, "exception", None)
    if exception is not None:
        return str(exception)
    nodes = getattr(getattr(result, "result", None), "results", [])
    return "\n".join(
        f"{node.node.name}: {node.message}"
        for node in nodes
        if str(node.status) in ("error", "fail")
    )


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
