"""A suite: a schema, a folder of models, and transactions after each of which all views are right.

The folder holds `schema.sql`, `models/*.sql` (one SELECT each; it is a dbt project too) and
`transactions.sql`, sections `-- transaction: title`. A word `:name` in a transaction stands for a
value that the suite is told, such as how many orders arrive.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from penstock.testing.differential import compare
from penstock.testing.sections import Section, files_in, read_sections
from penstock_ivm import PsycopgSession, Unmaintainable, View, deploy


@dataclass(frozen=True, slots=True)
class Suite:
    """The folder of a suite."""

    folder: Path

    def models(self) -> list[View]:
        """Read the models, in the order of their names."""
        return [
            View("public", path.stem, path.read_text().rstrip().rstrip(";"), path=path.name)
            for path in files_in(self.folder / "models")
        ]

    def schema(self) -> str:
        """Read the DDL of the tables."""
        return (self.folder / "schema.sql").read_text()

    def transactions(self, values: Mapping[str, int]) -> list[Section]:
        """Read the transactions, with `values` put in."""
        sections = read_sections(self.folder / "transactions.sql", {"suite", "transaction"})
        names = "|".join(map(re.escape, values)) or r"\Z."
        pattern = re.compile(rf"(?<!:):({names})\b")
        return [
            Section(s.name, s.title, pattern.sub(lambda m: str(values[m[1]]), s.text), s.line)
            for s in sections
            if s.name == "transaction"
        ]


@dataclass(frozen=True, slots=True)
class Deployed:
    """A model that was deployed, or refused with `refusal`."""

    view: View
    seconds: float
    refusal: str | None = None


def deploy_models(connection: psycopg.Connection, models: list[View]) -> Iterator[Deployed]:
    """Deploy each model in a transaction of its own; the connection is in autocommit mode."""
    for view in models:
        start = time.perf_counter()
        refusal = None
        try:
            with connection.transaction():
                deploy(PsycopgSession(connection), view)
        except Unmaintainable as error:
            refusal = str(error)
        yield Deployed(view, time.perf_counter() - start, refusal)


def run_transaction(connection: psycopg.Connection, transaction: Section) -> float:
    """Run one transaction; return its seconds, commit included."""
    start = time.perf_counter()
    with connection.transaction():
        connection.execute(transaction.text.encode())
    return time.perf_counter() - start


def check_views(
    connection: psycopg.Connection,
    models: list[View],
    moment: str,
    told: Callable[[View, float], None] = lambda _view, _seconds: None,
) -> None:
    """Compare every view with its own SELECT; raise AssertionError that names all that differ.

    told: called with each view and the seconds of its comparison, most of which is the recompute.
    """
    wrong = []
    for view in models:
        start = time.perf_counter()
        differences = compare(connection, view.query, f"table {view.schema}.{view.name}")
        told(view, time.perf_counter() - start)
        if differences:
            shown = "\n".join(f"    {difference}" for difference in differences[:6])
            wrong.append(f"{view.name}: {len(differences)} rows differ\n{shown}")
    if wrong:
        raise AssertionError(f"after {moment}:\n" + "\n".join(wrong))
