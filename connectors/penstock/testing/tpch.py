"""TPC-H's tables, filled by tpchgen-cli, the generator in a package registry."""

import subprocess
import sys
from pathlib import Path

import psycopg

TABLES = ("region", "nation", "part", "supplier", "partsupp", "customer", "orders", "lineitem")


def generate(scale: float, folder: Path) -> Path:
    """Write the tables at a scale factor as CSV into a folder of their own, unless they are there.

    scale 1 is six million line items. The same scale gives the same rows.
    """
    place = folder / f"tpch-{scale:g}"
    done = place / "done"
    if not done.exists():
        place.mkdir(parents=True, exist_ok=True)
        program = Path(sys.executable).parent / "tpchgen-cli"
        # Our own arguments; no shell.
        subprocess.run(  # noqa: S603
            [str(program), "csv", "-s", f"{scale:g}", "--output-dir", str(place)],
            check=True,
            capture_output=True,
        )
        done.touch()
    return place


def load(connection: psycopg.Connection, place: Path) -> None:
    """COPY the generated files into the tables, and gather statistics."""
    for table in TABLES:
        with (
            (place / f"{table}.csv").open("rb") as source,
            connection.cursor() as cursor,
            cursor.copy(f"copy {table} from stdin (format csv, header)".encode()) as copy,
        ):
            while block := source.read(1 << 20):
                copy.write(block)
    connection.execute("analyze")


def values(scale: float) -> dict[str, int]:
    """What the transactions are told: a refresh function changes 0.1 % of the orders."""
    return {"refresh": max(1, round(1500 * scale))}
