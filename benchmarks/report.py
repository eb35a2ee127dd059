"""What a benchmark found: printed, written as JSON and SVG, and put together in RESULTS.md."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from benchmarks.machine import machine

HERE = Path(__file__).parent
RESULTS = HERE / "results"
READINGS = HERE / "readings"
FILE_WIDTH = 160
Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Plot:
    """series: a name and its (x, y) points; for bars x is a label."""

    kind: Literal["lines", "bars"]
    x: str
    y: str
    series: dict[str, list[tuple[Cell, float]]]
    log_x: bool = False
    log_y: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One more table below the first."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """One benchmark's outcome. conditions: sizes, rounds, versions; figures: for comparing runs."""

    title: str
    conditions: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    figures: dict[str, float] = field(default_factory=dict)
    plot: Plot | None = None
    more: tuple[Part, ...] = ()


def show(report: Report) -> None:
    """Print the tables."""
    _print(report, report.conditions)
    for part in report.more:
        _print(part)


def _print(part: Report | Part, caption: str | None = None) -> None:
    table = Table(*part.columns, title=part.title, caption=caption)
    for row in part.rows:
        table.add_row(*(shown(cell) for cell in row))
    # In a file, 80 columns would cut names off.
    Console(width=None if sys.stdout.isatty() else FILE_WIDTH).print(table)


def shown(cell: Cell) -> str:
    """Write a figure with three digits that count."""
    if not isinstance(cell, float):
        return f"{cell:,}" if isinstance(cell, int) else cell
    for digits, limit in ((0, 100), (1, 10), (2, 1), (3, 0.1)):
        if abs(cell) >= limit:
            return f"{cell:,.{digits}f}"
    return f"{cell:.2g}"


def write(name: str, report: Report) -> None:
    """Write results/NAME.json and .svg."""
    keep(name, report)
    if report.plot is not None:
        draw(report.title, report.plot, RESULTS / f"{name}.svg")


def keep(name: str, report: Report) -> None:
    """Write results/NAME.json: what is known so far of a long benchmark, should it be stopped."""
    RESULTS.mkdir(exist_ok=True)
    found = asdict(report) | {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n")


def draw(title: str, plot: Plot, path: Path) -> None:
    """Draw a plot as SVG."""
    import matplotlib  # noqa: PLC0415 - half a second that only this needs

    matplotlib.use("svg")
    from matplotlib import pyplot  # noqa: PLC0415

    matplotlib.rcParams["svg.hashsalt"] = "penstock"
    figure, axes = pyplot.subplots(figsize=(7, 4))
    for number, (label, points) in enumerate(plot.series.items()):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if plot.kind == "lines":
            axes.plot(xs, ys, marker="o", label=label)
        else:
            width = 0.8 / len(plot.series)
            axes.bar([i + number * width for i in range(len(xs))], ys, width, label=label)
            axes.set_xticks([i + 0.4 - width / 2 for i in range(len(xs))], [str(x) for x in xs])
    axes.set(title=title, xlabel=plot.x, ylabel=plot.y)
    if plot.log_x:
        axes.set_xscale("log")
    if plot.log_y:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    axes.grid(visible=True, alpha=0.3)
    if len(plot.series) > 1:
        axes.legend()
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)


def assemble(names: tuple[str, ...]) -> None:
    """Write RESULTS.md: each benchmark's reading, table and plot."""
    parts = [
        "# Results\n\n"
        "`make bench` writes this page from `results/*.json` and the readings beside it;"
        " each table says when and where it was measured.\n"
    ]
    for name in names:
        path = RESULTS / f"{name}.json"
        if path.exists():
            parts.append(_section(name, json.loads(path.read_text())))
    (HERE / "RESULTS.md").write_text("\n".join(parts))


def _section(name: str, found: dict[str, Any]) -> str:
    reading = READINGS / f"{name}.md"
    lines = [f"## {found['title']}", "", reading.read_text().strip() if reading.exists() else ""]
    lines += _markdown(found)
    lines += ["", f"{found['conditions']}; {found['machine']}; {found['date']}.", ""]
    if found["plot"] is not None:
        lines += [f"![{found['title']}](results/{name}.svg)", ""]
    # Results from before there were further tables have none.
    for part in found.get("more", ()):
        lines += [f"### {part['title']}", *_markdown(part), ""]
    return "\n".join(lines)


def _markdown(part: dict[str, Any]) -> list[str]:
    columns = part["columns"]
    lines = ["", "| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    return lines + ["| " + " | ".join(shown(cell) for cell in row) + " |" for row in part["rows"]]
