"""What `dbt run` costs beside `dbt parse`, on an empty database and with nothing to do.

And what the compiler takes for one model, without building its state: what PostgreSQL is asked,
the plan, and the text of every statement.
"""

import statistics
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import psycopg

from benchmarks.report import Report
from benchmarks.stack import ROOT, dbt, stack
from penstock.control import create_roles, ensure_control_plane
from penstock.testing.services import fresh_database
from penstock_ivm import PsycopgSession, View, plan_view
from penstock_ivm.catalog import entries
from penstock_ivm.emit import build_sql, index_sql, protect_sql, reading_sql, trigger_sql, view_sql

COMPILES = 5


@dataclass(frozen=True, slots=True)
class Compiled:
    """Milliseconds of one model.

    server: of them, until PostgreSQL answered. own: processor time of the compiler.
    """

    name: str
    all: float
    server: float
    own: float


def run(quick: bool) -> Report:
    """Measure in turns."""
    rounds = 1 if quick else 3
    parse, unchanged, first = [], [], []
    compiled: list[Compiled] = []
    with stack() as services:
        for number in range(rounds):
            create_roles(services.server.url, f"bench_dbt_{number}")
            with fresh_database(services.server, f"bench_dbt_{number}_models") as database:
                ensure_control_plane(database.url)
                # Another place is another profile, with which dbt reads everything anew, once.
                dbt(database.url, "parse")
                parse.append(dbt(database.url, "parse"))
                first.append(dbt(database.url, "run"))
                unchanged.append(dbt(database.url, "run"))
                if not compiled:
                    with database.connect() as connection:
                        compiled = compile_models(connection, 1 if quick else COMPILES)
    worst = max(compiled, key=lambda one: one.all)
    figures = {
        "parse_seconds": statistics.median(parse),
        "empty_beyond_parse_seconds": statistics.median(first) - statistics.median(parse),
        "unchanged_beyond_parse_seconds": statistics.median(unchanged) - statistics.median(parse),
        "compile_median_ms": statistics.median(one.all for one in compiled),
        "compile_worst_ms": worst.all,
    }
    models = len(list((ROOT / "models").rglob("*.sql")))
    rows = [
        ("dbt parse, s", figures["parse_seconds"], ""),
        ("dbt run, empty database, beyond parse, s", figures["empty_beyond_parse_seconds"], "≤ 10"),
        ("dbt run, unchanged, beyond parse, s", figures["unchanged_beyond_parse_seconds"], "≤ 2"),
        ("compile of one model, median, ms", figures["compile_median_ms"], "≤ 50"),
        (f"compile of one model, worst ({worst.name}), ms", worst.all, "≤ 50"),
        *(
            (f"- {one.name}: compiler {one.own:.0f}, server {one.server:.0f}", one.all, "")
            for one in compiled
        ),
    ]
    return Report(
        "dbt run",
        f"{models} models, median of {rounds}; compiles: {len(compiled)} maintained models,"
        f" median of {1 if quick else COMPILES}",
        ("what", "measured", "wanted"),
        rows,
        figures,
    )


def compile_models(connection: psycopg.Connection, rounds: int) -> list[Compiled]:
    """Compile each maintained view of a database as if it were new, inputs first."""
    session = _Watched(connection)
    known = sorted(entries(session).values(), key=lambda e: e.definition["stages"][-1]["level"])
    seconds: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for _ in range(rounds + 1):
        for entry in known:
            session.seconds = 0.0
            start, own = time.perf_counter(), time.process_time()
            with connection.transaction(force_rollback=True):
                _compile(session, entry.view)
            took, own = time.perf_counter() - start, time.process_time() - own
            seconds[entry.view.name].append((took, session.seconds, own))
    return [
        # The first round loads modules and opens temporary schemas.
        Compiled(name, *(1000 * statistics.median(each) for each in zip(*found[1:], strict=True)))
        for name, found in seconds.items()
    ]


def _compile(session: PsycopgSession, view: View) -> None:
    _, plan = plan_view(session, view)
    own = {stage.table.sql for stage in plan.stages}
    index_sql(plan.stages)
    for stage in plan.stages:
        build_sql(stage)
        trigger_sql(stage, view, own)
        protect_sql(stage, view.name)
    view_sql(plan)
    reading_sql(plan)


class _Watched(PsycopgSession):
    """A session that counts its own seconds."""

    seconds = 0.0

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        """See Session.execute."""
        start = time.perf_counter()
        try:
            return super().execute(sql)
        finally:
            self.seconds += time.perf_counter() - start
