"""What `dbt run` costs: with nothing changed, and on an empty database, beside `dbt parse`."""

import statistics

from benchmarks.report import Report
from benchmarks.stack import ROOT, dbt, stack
from penstock.control import create_roles, ensure_control_plane
from penstock.testing.services import fresh_database


def run(quick: bool) -> Report:
    """Measure in turns."""
    rounds = 1 if quick else 3
    parse, unchanged, first = [], [], []
    with stack() as services:
        for number in range(rounds):
            create_roles(services.server.url, f"bench_dbt_{number}")
            with fresh_database(services.server, f"bench_dbt_{number}_models") as database:
                ensure_control_plane(database.url)
                parse.append(dbt(database.url, "parse"))
                first.append(dbt(database.url, "run"))
                unchanged.append(dbt(database.url, "run"))
    figures = {
        "parse_seconds": statistics.median(parse),
        "empty_beyond_parse_seconds": statistics.median(first) - statistics.median(parse),
        "unchanged_beyond_parse_seconds": statistics.median(unchanged) - statistics.median(parse),
    }
    models = len(list((ROOT / "models").rglob("*.sql")))
    rows = [
        ("dbt parse", figures["parse_seconds"], ""),
        ("dbt run, empty database, beyond parse", figures["empty_beyond_parse_seconds"], "≤ 10"),
        ("dbt run, unchanged, beyond parse", figures["unchanged_beyond_parse_seconds"], "≤ 2"),
    ]
    return Report(
        "dbt run",
        f"{models} models, median of {rounds}",
        ("command", "seconds", "wanted"),
        rows,
        figures,
    )
