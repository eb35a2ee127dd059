"""`python -m benchmarks [NAME …] [--events N]`: run all benchmarks, or those named."""

import json
import platform
from datetime import UTC, datetime
from pathlib import Path

import click

from benchmarks import engine, freshness, pipeline, unchanged

RESULTS = Path(__file__).parent / "results.json"
NAMES = ("engine", "unchanged", "freshness", "pipeline")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--events", default=1_000_000, show_default=True, help="Messages of `pipeline`.")
def main(names: tuple[str, ...], events: int) -> None:
    """Measure, print ratios, and write benchmarks/results.json.

    engine: a GROUP BY kept by triggers, beside no view and REFRESH.
    unchanged: `dbt run` with nothing to do. freshness: produce to visible.
    pipeline: Kafka to profiles, as a share of landing only.
    """
    results: dict[str, object] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {platform.system()}",
    }
    for name in names or NAMES:
        click.secho(f"\n{name}", bold=True)
        match name:
            case "engine":
                results[name] = engine.run()
            case "unchanged":
                results[name] = unchanged.run()
            case "freshness":
                results[name] = freshness.run()
            case "pipeline":
                results[name] = pipeline.run(events)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")


main()
