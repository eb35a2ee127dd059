"""What `dbt run` costs when nothing changed, beside `dbt parse`."""

import statistics

from benchmarks.stack import dbt, stack


def run(rounds: int = 3) -> dict[str, float]:
    """Measure in turns and print; return the figures in seconds."""
    with stack() as services, services.database("bench_dbt") as database:
        dbt(database.url, "parse")
        pairs = [(dbt(database.url, "parse"), dbt(database.url, "run")) for _ in range(rounds)]
        fresh = dbt(database.url, "run", "--full-refresh")
    figures = {
        "parse_seconds": statistics.median(parse for parse, _ in pairs),
        "unchanged_run_seconds": statistics.median(run for _, run in pairs),
        "full_refresh_seconds": fresh,
    }
    figures["unchanged_beyond_parse_seconds"] = statistics.median(b - a for a, b in pairs)
    print(f"dbt parse                {figures['parse_seconds']:.1f} s")
    print(f"dbt run, unchanged       {figures['unchanged_run_seconds']:.1f} s")
    beyond = figures["unchanged_beyond_parse_seconds"]
    print(f"beyond parse             {beyond:.1f} s   (wanted: at most 2)")
    print(f"dbt run --full-refresh   {fresh:.1f} s, on empty tables")
    return figures
